import type { ContainerSettings, NetworkEndpoint, PublishedPort } from '../../settings.ts';
import { notSupported, quoted } from '../command/words.ts';

type Words = readonly string[];

/** The main network first: it has the default route. */
export function networkFlags(mode: string, { networks = {} }: ContainerSettings): Words {
  const main = mode === 'default' ? 'bridge' : mode;
  if (/^(?:host|none|(?:container|ns):.*)$/.test(main)) return ['--network', main];
  for (const [name, endpoint] of Object.entries(networks)) refuseRest(name, endpoint);
  const names = [...new Set([main, ...Object.keys(networks)])];
  const addressed = Object.values(networks).filter(({ ipv4Address, ipv6Address }) => ipv4Address ?? ipv6Address);
  if (addressed.length > 0 && names.length > 1)
    throw notSupported("address of one's own in one of several networks: leave the address or the other networks out");
  const [{ ipv4Address, ipv6Address } = {}] = addressed;
  return [
    ...(names.length === 1 && main === 'bridge' ? [] : names.flatMap((name) => ['--network', quoted(name)])),
    ...(ipv4Address === undefined ? [] : ['--ip', ipv4Address]),
    ...(ipv6Address === undefined ? [] : ['--ip6', ipv6Address]),
  ];
}

function refuseRest(name: string, endpoint: NetworkEndpoint): void {
  const { aliases, links, driverOpts, gwPriority, linkLocalIPs } = endpoint;
  const what = {
    aliases: aliases?.length,
    links: links?.length,
    'options of a driver': driverOpts && Object.keys(driverOpts).length > 0,
    'gateway priority': gwPriority,
    'link-local addresses': linkLocalIPs?.length,
  };
  const used = Object.entries(what).find(([, value]) => Boolean(value));
  if (used !== undefined) throw notSupported(`${used[0]} of a container in a network (${name})`);
}

export function portFlags(ports: readonly PublishedPort[]): Words {
  return ports.flatMap(({ containerPort, hostIp, hostPort }) => {
    const address = hostIp?.includes(':') ? `[${hostIp}]` : hostIp;
    const host = address ? [address, hostPort ?? ''] : hostPort ? [hostPort] : [];
    return ['--publish', [...host, containerPort].join(':')];
  });
}
