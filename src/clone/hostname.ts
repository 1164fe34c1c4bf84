import type { ContainerRecord } from '../runtime/container.ts';
import type { Context } from './context.ts';
import { leave, type Part } from './left-out.ts';

/** The engine's own: with it the sibling would look like self. */
export function isAutomatic({ id, settings: { hostname } }: ContainerRecord): boolean {
  return hostname === id.slice(0, 12);
}

/** A hostname that somebody set, and its domain, where the sibling has a name of its own. */
export function cloneHostname(context: Context): Part {
  const { hostname, domainname } = context.own;
  const names = { hostname: isAutomatic(context.self) ? undefined : hostname, domainname };
  // Only a name is refused there, not a domain.
  if (context.self.settings.utsMode === 'host')
    return {
      settings: { domainname },
      leftOut: hostname === undefined ? [] : [leave('hostname', 'it is not of self alone')],
    };
  const reason = reasonAgainst(context);
  if (reason === undefined) return { settings: names, leftOut: [] };
  const left = (['hostname', 'domainname'] as const).filter((name) => names[name] !== undefined);
  return { settings: {}, leftOut: left.map((name) => leave(name, reason)) };
}

function reasonAgainst({ self, own, request }: Context): string | undefined {
  // Of self, also where the sibling does not inherit them.
  const { networkMode = '' } = self.settings;
  const asked = request.networks?.map(({ name }) => name) ?? [];
  if (/^(?:container|ns):/.test(networkMode)) return 'it is not of self alone';
  if (asked.some((name) => name.startsWith('container:'))) return 'the container of that network has its own';
  // In the host's network it is the host's, unless somebody set it: both are right there, and nowhere else.
  const staysThere = asked.length > 0 ? asked.includes('host') : own.networkMode === 'host';
  return networkMode === 'host' && !staysThere ? "it may be the host's" : undefined;
}
