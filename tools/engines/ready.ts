import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isAlive } from './processes.ts';

const limit = 30_000;
const interval = 15;

/** Until `probe` no longer rejects; fails with the end of the program's log when that ends first, or takes too long. */
export async function untilReady(
  program: { readonly name: string; readonly pid: number; readonly log: string },
  probe: () => Promise<unknown>,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + limit;
  for (;;) {
    signal?.throwIfAborted();
    if (await succeeds(probe)) return;
    if (!(await isAlive(program.pid))) throw new Error(`${program.name} ended:\n${await tail(program.log)}`);
    if (Date.now() > deadline) throw new Error(`${program.name} does not answer:\n${await tail(program.log)}`);
    await setTimeout(interval, undefined, signal && { signal });
  }
}

/** For programs that have no socket to knock at. */
export async function logged(log: string, text: string): Promise<void> {
  if (!(await readFile(log, 'utf8')).includes(text)) throw new Error(`${log} does not say ${text}`);
}

async function succeeds(probe: () => Promise<unknown>): Promise<boolean> {
  return await probe().then(
    () => true,
    () => false,
  );
}

async function tail(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => 'no log');
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
