import type { Healthcheck } from '../runtime/settings.ts';
import type { Context } from './context.ts';
import { leave, type Part } from './left-out.ts';

/** Member by member: what self only had from its image stays with that, as a missing member is the other image's. */
export function cloneHealth({ own, subtracted }: Context): Part {
  const { healthcheck } = own;
  const ofImage = subtracted.healthcheck;
  if (healthcheck === undefined || ofImage === undefined) return { settings: { healthcheck }, leftOut: [] };
  const members = Object.entries(healthcheck).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(ofImage[name as keyof Healthcheck]),
  );
  return members.length > 0
    ? { settings: { healthcheck: Object.fromEntries(members) }, leftOut: [] }
    : { settings: {}, leftOut: [leave('healthcheck', "it is of self's image")] };
}
