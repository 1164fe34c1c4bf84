import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { HostProcess } from '../../runtime.ts';
import type { Client } from '../command/client.ts';

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

/** The same, as nerdctl's place shows them: it may be a program that leads to another machine, or into another's view. */
export async function processesBeside(
  client: Client,
  pid: number,
  id: string,
  signal: AbortSignal,
): Promise<HostProcess[] | undefined> {
  const answer = await client.runProgram(['sh', '-c', look, 'sh', String(pid), id], { signal });
  return answer.exitCode === 0 ? processesIn(answer.stdout) : undefined;
}

/** Process id, mount namespace and name, a line for each. */
const look = `
grep -q "$2" "/proc/$1/cgroup" 2>/dev/null || exit 1
mine=$(readlink "/proc/$1/ns/mnt") || exit 1
for one in /proc/[0-9]*; do
  [ "$(readlink "$one/ns/mnt" 2>/dev/null)" = "$mine" ] || continue
  read -r comm <"$one/comm" && echo "\${one#/proc/} $mine $comm"
done 2>/dev/null
exit 0`;

export function processesIn(text: string): HostProcess[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, mountNamespace, comm] = /^(\d+) mnt:\[(\d+)\] (.*)$/.exec(line) ?? [];
    return pid === undefined || mountNamespace === undefined || comm === undefined
      ? []
      : [{ pid: Number(pid), comm, mountNamespace }];
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
