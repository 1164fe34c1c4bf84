import { readFile, writeFile } from 'node:fs/promises';

/** Who started the engine. With its start time, because process ids are used again. */
export async function writeOwner(dir: string): Promise<void> {
  await writeFile(`${dir}/owner.pid`, `${process.pid} ${await startTime(process.pid)}\n`);
}

/** Undefined where nothing says who owns it: perhaps it is just being made. */
export async function ownerIsAlive(dir: string): Promise<boolean | undefined> {
  const text = await readFile(`${dir}/owner.pid`, 'utf8').catch(() => '');
  const [pid, started] = text.trim().split(' ');
  if (!pid || !started) return undefined;
  return (await startTime(Number(pid))) === started;
}

/** Field 22 of /proc/PID/stat; counted from the last parenthesis, as a name may contain anything. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone';
}
