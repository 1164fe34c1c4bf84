import { basename } from 'node:path';
import { run } from './run.ts';

/** The shared libraries that a program loads, by the name it loads them under; its loader included. */
export async function librariesOf(program: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const line of (await run('ldd', [program])).split('\n')) {
    // `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)`, and `/lib64/ld-linux-x86-64.so.2 (0x…)` for the loader
    const path = /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1];
    if (path !== undefined) found.set(basename(path), path);
    else if (line.includes('not found')) throw new Error(`a library of ${program} is missing:${line}`);
  }
  return found;
}
