import { posix } from 'node:path';
import { InvalidArgumentError } from '../errors.ts';
import { type HostView, readHost } from './host-view.ts';

const usual = '/etc/resolv.conf';
/** The servers that systemd-resolved asks itself; what is in `/etc/resolv.conf` is then only its own address. */
const ofResolved = '/run/systemd/resolve/resolv.conf';
const fallback = 'nameserver 1.1.1.1\nnameserver 8.8.8.8\n';

/**
 * The file of this host that a container with a network of its own can have as `/etc/resolv.conf`: the host's own one;
 * where that names only the host's loopback, which a container cannot reach, the one with the servers behind
 * systemd-resolved; where there is none, `resolv.conf` in `dataFolder`, which is written with public servers unless it
 * is there.
 * @throws InvalidArgumentError for a folder that is no absolute path, Error for files that may not be read or written
 */
export function resolvConfSource(dataFolder: string, host: HostView = readHost()): string {
  if (typeof dataFolder !== 'string' || !dataFolder.startsWith('/') || dataFolder.includes('\0'))
    throw new InvalidArgumentError('dataFolder', `${JSON.stringify(dataFolder)}: expected an absolute path`);
  for (const path of [usual, ofResolved]) if (hasServers(host.read(path))) return path;
  const own = posix.join(dataFolder, 'resolv.conf');
  if (host.read(own) === undefined) host.write(own, fallback);
  return own;
}

/** One at least that is not the host's loopback: 127.0.0.53 is a container's own. */
function hasServers(text: string | undefined): boolean {
  return (text ?? '').split('\n').some((line) => {
    const server = /^\s*nameserver\s+(\S+)/.exec(line)?.[1];
    return server !== undefined && !/^127\.|^::1(?:%|$)|^0\.0\.0\.0$|^::$/.test(server);
  });
}
