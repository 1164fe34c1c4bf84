import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

const freezeLimit = 5_000;

/** A process that ended but was not waited for yet (a zombie) counts as ended. */
export async function isAlive(pid: number): Promise<boolean> {
  return !['', 'Z', 'X'].includes(await stateOf(String(pid)));
}

/** Of a process or a thread, as a letter; empty when there is none. */
async function stateOf(task: string): Promise<string> {
  const stat = await readFile(`/proc/${task}/stat`, 'utf8').catch(() => '');
  return stat.charAt(stat.lastIndexOf(')') + 2);
}

/** Waits until the process is gone from /proc, for dockerd takes a zombie for another dockerd. False: it still is there. */
export async function untilGone(pid: number, milliseconds: number): Promise<boolean> {
  return await until(() => !existsSync(`/proc/${pid}`), milliseconds);
}

/** As `untilGone`, but a zombie will do: whose parent has ended waits for a PID 1 that may take its time. */
export async function untilEnded(pid: number, milliseconds: number): Promise<boolean> {
  return await until(async () => !(await isAlive(pid)), milliseconds);
}

/**
 * SIGSTOP, and waits until every thread of it stands still: those that run on another processor go on for a moment, and
 * answer what must not be answered.
 */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  if (!(await until(() => standsStill(pid), freezeLimit))) throw new Error(`process ${pid} cannot be stopped`);
}

async function standsStill(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`);
  const states = await Promise.all(threads.map((thread) => stateOf(`${pid}/task/${thread}`)));
  return states.every((state) => state === 'T' || state === '');
}

async function until(holds: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  for (let left = milliseconds; left > 0; left -= 5) {
    if (await holds()) return true;
    await setTimeout(5);
  }
  return false;
}

/** What a pid namespace calls `inner` has another number out here. `root` is the namespace's PID 1, as seen from here. */
export async function outerPid(root: number, inner: number): Promise<number> {
  const namespace = await readlink(`/proc/${root}/ns/pid`);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids.toReversed()) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const innermost = /^NSpid:.*\s(\d+)$/m.exec(status)?.[1];
    if (innermost !== String(inner)) continue;
    if ((await readlink(`/proc/${pid}/ns/pid`).catch(() => '')) === namespace) return Number(pid);
  }
  throw new Error(`process ${inner} of the engine's world ended at once`);
}
