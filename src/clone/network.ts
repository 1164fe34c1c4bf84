import type { ContainerSettings, NetworkEndpoint } from '../runtime/settings.ts';
import type { Context, NetworkAddition } from './context.ts';
import { isAutomatic } from './hostname.ts';
import { type LeftOut, leave, type Part } from './left-out.ts';

/** A mode that is no network of one's own: no other network goes with it. */
const shared = /^(?:host|none|(?:container|ns):.*)$/;
/** What a container that has another one's network cannot have of its own. */
const ofOwnNetwork = ['dns', 'dnsOptions', 'dnsSearch', 'extraHosts', 'exposedPorts', 'links'] as const;

/** Self still runs: the sibling is in the same networks, at other addresses and by other names. */
export function cloneNetwork(context: Context): Part {
  const { own, request } = context;
  const asked = request.networks ?? [];
  const mode = asked.find(({ name }) => shared.test(name))?.name;
  const [inherited, leftOut] = mode === undefined ? ownNetworks(context) : [{}, replaced(own)];
  const networks = mode === undefined ? { ...inherited, ...endpointsOf(asked) } : {};
  const networkMode = mode ?? ownMode(own, asked);
  if (mode === undefined && own.networkMode !== undefined && ![networkMode, ...sharedOf(own)].includes(own.networkMode))
    leftOut.push({ setting: `network ${own.networkMode}`, reason: 'self was taken out of it' });
  const { dns, dnsOptions, dnsSearch, extraHosts, links } = own;
  const settings = { dns, dnsOptions, dnsSearch, extraHosts, links, exposedPorts: exposed(context) };
  const cannot = impossibleWith(networkMode).filter((name) => settings[name] !== undefined);
  return {
    settings: {
      ...settings,
      ...Object.fromEntries(cannot.map((name) => [name, undefined])),
      networkMode,
      networks: Object.keys(networks).length > 0 ? networks : undefined,
      publishedPorts: request.publish?.length ? request.publish : undefined,
    },
    leftOut: [...leftOut, ...cannot.map((name) => leave(name, `it is not possible with the network ${networkMode}`))],
  };
}

function sharedOf({ networkMode = '' }: ContainerSettings): string[] {
  return shared.test(networkMode) ? [networkMode] : [];
}

function impossibleWith(mode: string | undefined): readonly (typeof ofOwnNetwork)[number][] {
  if (/^(?:container|ns):/.test(mode ?? '')) return ofOwnNetwork;
  return mode === 'host' ? ['links'] : [];
}

/**
 * The network that the sibling is created in: that of self, unless self was taken out of it, or shares somebody
 * else's and others are asked for. Then it is one of those that there are.
 */
function ownMode({ networkMode, networks }: ContainerSettings, asked: readonly NetworkAddition[]): string | undefined {
  const main = networkMode === undefined || networkMode === 'default' ? 'bridge' : networkMode;
  const others = [...Object.keys(networks ?? {}), ...asked.map(({ name }) => name)];
  if (others.length === 0 || (networks !== undefined && main in networks)) return networkMode;
  if (networkMode === undefined) return others[0];
  // An engine may not tell that the default network is the only one.
  return main === 'bridge' && networks === undefined ? networkMode : others[0];
}

function replaced({ networkMode, networks = {} }: ContainerSettings): LeftOut[] {
  const names = Object.keys(networks);
  if (names.length === 0 && networkMode !== undefined) names.push(networkMode);
  return names.map((name) => ({ setting: `network ${name}`, reason: 'OFFSHOOT_NETWORK takes its place' }));
}

function endpointsOf(asked: readonly NetworkAddition[]): Record<string, NetworkEndpoint> {
  return Object.fromEntries(asked.map(({ name, ...endpoint }) => [name, endpoint]));
}

function ownNetworks(context: Context): [Record<string, NetworkEndpoint>, LeftOut[]] {
  const leftOut: LeftOut[] = [];
  const networks = Object.entries(context.own.networks ?? {}).map(([network, endpoint]) => {
    const { ipv4Address, ipv6Address, linkLocalIPs, aliases, ...kept } = endpoint;
    if (ipv4Address !== undefined || ipv6Address !== undefined || linkLocalIPs !== undefined)
      leftOut.push({ setting: `address in the network ${network}`, reason: 'self has it' });
    const given = aliases?.filter((alias) => {
      const reason = reasonAgainst(alias, context);
      if (reason !== undefined && reason !== ofTheEngine)
        leftOut.push({ setting: `alias ${alias} in the network ${network}`, reason });
      return reason === undefined;
    });
    return [network, { ...kept, ...(given?.length && { aliases: given }) }] as const;
  });
  return [Object.fromEntries(networks), leftOut];
}

const ofTheEngine = 'an engine gives it to each container';

function reasonAgainst(alias: string, { self }: Context): string | undefined {
  if (alias === self.id.slice(0, 12)) return ofTheEngine;
  // Engines before API 1.45 say the hostname among them; one that somebody set is given as that.
  if (alias === self.settings.hostname && isAutomatic(self)) return ofTheEngine;
  const service = self.labels['com.docker.compose.service'];
  return service !== undefined && [service, self.name].includes(alias)
    ? 'Compose gave it: requests for the service would reach the sibling'
    : undefined;
}

/** What was only published is not exposed on its own; what is to be published has to be exposed. */
function exposed({ self, own, selfImage, subtracted, request }: Context): readonly string[] | undefined {
  const published = new Set(self.settings.publishedPorts?.map(({ containerPort }) => containerPort));
  const ofImage = new Set(selfImage?.exposedPorts);
  const left = new Set(subtracted.exposedPorts);
  const kept = own.exposedPorts?.filter((port) => !left.has(port) && (!published.has(port) || ofImage.has(port)));
  const ports = new Set([...(kept ?? []), ...(request.publish ?? []).map(({ containerPort }) => containerPort)]);
  return ports.size > 0 ? [...ports] : undefined;
}
