import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { HostProcess } from '../runtime.ts';

/**
 * The processes that are in the mount namespace of a container's first one, as /proc shows them to us; undefined where
 * it does not show that one. Only where our process ids are the host's: others would be other processes.
 */
export function processesAround(pid: number, proc = '/proc'): HostProcess[] | undefined {
  const mountNamespace = namespaceOf(pid, proc);
  if (mountNamespace === undefined) return undefined;
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      if (namespaceOf(Number(name), proc) !== mountNamespace) return [];
      try {
        const comm = readFileSync(`${proc}/${name}/comm`, 'utf8').trimEnd();
        return [{ pid: Number(name), comm, mountNamespace }];
      } catch {
        return []; // it has just ended
      }
    });
}

/** Does the kernel, as we see it, have it in a control group of that container? */
export function isProcessOf(pid: number, id: string, proc = '/proc'): boolean {
  try {
    return readFileSync(`${proc}/${pid}/cgroup`, 'utf8').includes(id);
  } catch {
    return false;
  }
}

function namespaceOf(pid: number, proc: string): string | undefined {
  try {
    return /^mnt:\[(\d+)\]$/.exec(readlinkSync(`${proc}/${pid}/ns/mnt`))?.[1];
  } catch {
    return undefined;
  }
}
