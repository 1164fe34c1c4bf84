import { readFileSync } from 'node:fs';

/** nerdctl keeps the files of a container in a folder that tells its namespace and its id. */
const folder = /\/nerdctl\/[0-9a-f]{8}\/(?:containers|etchosts)\/([^/ ]+)\/([0-9a-f]{64})\//;

/** What our own mounts tell of the container that we are in; a hint, not a proof. */
export function ownPlace(
  mountinfo: string = read('/proc/self/mountinfo'),
): { namespace: string; id: string } | undefined {
  for (const line of mountinfo.split('\n')) {
    const [, , , root = '', target = ''] = line.split(' ');
    if (!/^\/etc\/(?:hostname|hosts|resolv\.conf)$/.test(target)) continue;
    const [, namespace, id] = folder.exec(root) ?? [];
    if (namespace !== undefined && id !== undefined) return { namespace, id };
  }
  return undefined;
}

/** Every id that our control groups or mounts name: one of them is ours. */
export function ownIds(): ReadonlySet<string> {
  const ids = read('/proc/self/cgroup').match(/[0-9a-f]{64}/g) ?? [];
  return new Set([...ids, ...(ownPlace()?.id ? [ownPlace()?.id ?? ''] : [])]);
}

/** `/NAMESPACE/ID`: where cgroups are not hidden they tell the namespace of containers that nerdctl did not make. */
export function namespaceInCgroup(cgroup: string = read('/proc/self/cgroup')): string | undefined {
  return /^\d+:[^:]*:\/(?!docker\/|lxc\/)([A-Za-z0-9][A-Za-z0-9._-]*)\/[0-9a-f]{64}$/m.exec(cgroup)?.[1];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
