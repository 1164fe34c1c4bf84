import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';

/** One at a time among all processes that use the folder: tests and the demo may want images at once. */
export async function withLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(folder, { recursive: true });
  // The kernel ends the lock with this process, however we end: then its input ends.
  const holder = spawn('flock', [`${folder}/.lock`, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  await Promise.race([once(holder.stdout, 'data'), ended.then(() => Promise.reject(new Error('flock failed')))]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
