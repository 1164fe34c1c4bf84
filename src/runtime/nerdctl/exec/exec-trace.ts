import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import { usualAddress } from '../command/way.ts';

/** Where containerd has the containers that processes of ours run something in. */
export interface ExecPlace {
  readonly namespace: string;
  /** containerd's socket; its other files are beside it. */
  readonly address?: string | undefined;
}

/**
 * nerdctl does not tell when it has made the process that it was asked for, nor which one that is. The pipes that it
 * has open tell containerd's name of it; and a file that the shim writes then tells its process id, as the host sees it.
 * @param leader the first of our process group in which nerdctl runs
 */
export function processOf(leader: number, { namespace, address = usualAddress }: ExecPlace): number | undefined {
  for (const member of membersOf(leader)) {
    const name = execName(member);
    if (name === undefined) continue;
    // Through the member's own root: it may be in the host's mount namespace, and we are not.
    const folder = `/proc/${member}/root${posix.dirname(address)}/io.containerd.runtime.v2.task/${namespace}`;
    const pids = namesIn(folder).map((id) => Number(textOf(`${folder}/${id}/${name}.pid`)));
    return pids.find((pid) => pid > 0);
  }
  return undefined;
}

/** Where nerdctl is not the leader itself. */
function* membersOf(leader: number): Generator<number> {
  yield leader;
  yield* namesIn('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    // `PID (COMM) STATE PPID PGRP`; the name may hold anything.
    const group = textOf(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ')[2];
    return group === String(leader) ? [Number(name)] : [];
  });
}

function execName(pid: number): string | undefined {
  const links = namesIn(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  return links.map((link) => /\/(exec-[0-9a-f]{64})-(?:stdin|stdout|stderr)$/.exec(link)?.[1]).find(Boolean);
}

/** None of what has ended, or is not ours to look at. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
