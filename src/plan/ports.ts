import { isIPv4, isIPv6 } from 'node:net';

/** A port of the sibling that the host gives on. */
export interface PublishedPort {
  /** `80/tcp` */
  readonly containerPort: string;
  readonly hostIp?: string | undefined;
  /** Missing: a free one. `8000-8010`: a free one of these. */
  readonly hostPort?: string | undefined;
}

const protocols = ['tcp', 'udp', 'sctp'];
const pattern =
  /^(?:(?:(?<ip>\[[^\]]*\]|[^:[\]]*):)?(?<host>[^:[\]]*):)?(?<container>[^:/[\]]+)(?:\/(?<protocol>[^/]*))?$/;

/**
 * What `docker run -p` takes: `80`, `8080:80`, `127.0.0.1:8080:80/udp`, `[::1]:8080:80`, `8000-8010:8000-8010`. One
 * that has ranges is several ports.
 * @throws Error with the problem
 */
export function parsePort(text: string): readonly PublishedPort[] {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) {
    throw new Error('expected [[IP:]PORT:]PORT[/PROTOCOL], as 80, 8080:80, 127.0.0.1:8080:80/udp, [::1]:8080:80');
  }
  const protocol = groups['protocol']?.toLowerCase() ?? 'tcp';
  if (!protocols.includes(protocol)) throw new Error(`${protocol} is no protocol; expected tcp, udp or sctp`);
  const hostIp = parseIp(groups['ip'] ?? '');
  const inside = parseRange(groups['container'] ?? '');
  const outside = groups['host'] ? parseRange(groups['host']) : undefined;
  const portOf = (index: number): string => `${inside.first + index}/${protocol}`;

  // As docker does it: one port of the container, and several of the host to choose from.
  if (outside !== undefined && outside.count > 1 && inside.count === 1)
    return [{ containerPort: portOf(0), hostIp, hostPort: groups['host'] }];
  if (outside !== undefined && outside.count !== inside.count) {
    throw new Error(`${outside.count} ports of the host for ${inside.count} of the container; expected as many`);
  }
  return Array.from({ length: inside.count }, (_, index) => ({
    containerPort: portOf(index),
    hostIp,
    hostPort: outside && String(outside.first + index),
  }));
}

function parseIp(text: string): string | undefined {
  if (text === '') return undefined;
  const ip = text.startsWith('[') ? text.slice(1, -1) : text;
  if (text === ip ? isIPv4(ip) : isIPv6(ip) && !ip.includes('%')) return ip;
  throw new Error(`${text} is no IP address; expected one as 127.0.0.1 or [::1]`);
}

function parseRange(text: string): { readonly first: number; readonly count: number } {
  const [first = 0, last = first, ...more] = text.split('-').map((port) => (/^\d{1,5}$/.test(port) ? Number(port) : 0));
  if (more.length > 0 || first < 1 || last < 1 || first > 65_535 || last > 65_535) {
    throw new Error(`${text} is no port; expected 1 to 65535, or a range of them as 8000-8010`);
  }
  if (last < first) throw new Error(`the range ${text} ends before it begins`);
  return { first, count: last - first + 1 };
}

/** @throws Error where two want the same */
export function mergePorts(items: readonly (readonly PublishedPort[])[]): readonly PublishedPort[] {
  const ports = items.flat();
  const seen = new Map<string, PublishedPort[]>();
  for (const port of ports) {
    const protocol = port.containerPort.replace(/.*\//, '');
    const place = port.hostPort === undefined ? port.containerPort : `host port ${port.hostPort}/${protocol}`;
    const others = seen.get(place) ?? [];
    if (others.some((other) => clash(other, port))) throw new Error(`${place} is given twice`);
    seen.set(place, [...others, port]);
  }
  return ports;
}

/** Without an address it is every address, so that any other one is taken too; free ports never are. */
function clash(one: PublishedPort, other: PublishedPort): boolean {
  const everywhere = one.hostPort !== undefined && (one.hostIp === undefined || other.hostIp === undefined);
  return everywhere || one.hostIp === other.hostIp;
}
