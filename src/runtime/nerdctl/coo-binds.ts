import { posix } from 'node:path';
import { placesOfClient } from './access.ts';
import { usualAddress, type Way } from './command/way.ts';

/**
 * What a container needs for a nerdctl of its own: the client, the plugins and all that it keeps, each at its own
 * path, as containerd calls the client by it. None where nerdctl is run on the host: `--privileged --pid host` does it.
 */
export function clientBinds(
  { onHost, nerdctl, address = usualAddress }: Way,
  exists: (path: string) => boolean,
): readonly string[] {
  if (onHost) return [];
  const folders = [...new Set([posix.dirname(address), ...placesOfClient])].filter(exists);
  // Snapshots that it mounts there are containerd's, too.
  const binds = folders.map((path) => `${path}:${path}${path === '/var/lib/containerd' ? ':rshared' : ''}`);
  return [...binds, `${nerdctl}:${nerdctl}:ro`];
}
