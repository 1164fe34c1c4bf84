import type { ContainerRecord } from '../runtime/container.ts';
import type { Context } from './context.ts';
import { leave, type Part } from './left-out.ts';

/** The engine's own: with it the sibling would look like self. */
export function isAutomatic({ id, settings: { hostname } }: ContainerRecord): boolean {
  return hostname === id.slice(0, 12);
}

/** A hostname that somebody set, where the sibling has a name of its own. */
export function cloneHostname({ self, own, request }: Context): Part {
  const { hostname, networkMode = '', utsMode } = own;
  const asked = request.networks?.map(({ name }) => name) ?? [];
  if (hostname === undefined || isAutomatic(self)) return { settings: {}, leftOut: [] };
  if (utsMode === 'host' || networkMode.startsWith('container:')) return left('it is not of self alone');
  if (asked.some((name) => name.startsWith('container:'))) return left('the container of that network has its own');
  // In the host's network it is the host's, unless somebody set it: both are right there, and nowhere else.
  if (networkMode === 'host' && asked.length > 0 && !asked.includes('host')) return left("it may be the host's");
  return { settings: { hostname }, leftOut: [] };
}

function left(reason: string): Part {
  return { settings: {}, leftOut: [leave('hostname', reason)] };
}
