import { readdir, readFile } from 'node:fs/promises';

/** A process of a container, as this machine sees it. */
export interface SeenProcess {
  readonly pid: number;
  /** The words of its command. */
  readonly words: readonly string[];
  /** Its share of memory, in KiB; 0 for one that has just ended. */
  readonly pssKiB: number;
}

/** By the container's id in the names of control groups: an engine under test has process ids of its own. */
export async function processesOf(container: string): Promise<SeenProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const own = await Promise.all(
    pids.map(async (pid) => ((await readOrNothing(`/proc/${pid}/cgroup`)).includes(container) ? [Number(pid)] : [])),
  );
  return Promise.all(own.flat().map(seen));
}

async function seen(pid: number): Promise<SeenProcess> {
  const [command, memory] = await Promise.all([
    readOrNothing(`/proc/${pid}/cmdline`),
    readOrNothing(`/proc/${pid}/smaps_rollup`),
  ]);
  return {
    pid,
    words: command.split('\0').slice(0, -1),
    pssKiB: Number(/^Pss:\s+(\d+) kB$/m.exec(memory)?.[1] ?? 0),
  };
}

function readOrNothing(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
