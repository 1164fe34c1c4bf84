import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { home } from './layout.ts';
import { fileOfPackage } from './packages.ts';
import { relocate } from './relocate.ts';

/** klibc's programs are static: what they call their interpreter is all of their libc. */
export interface TinyShell {
  readonly sh: string;
  readonly sleep: string;
  readonly libc: string;
}

/**
 * klibc's sh (it is dash) and sleep: waiting takes 0.3 MiB of memory with them, 1.6 MiB with busybox, and 1.9 MiB with
 * dash and coreutils on glibc. Undefined where they cannot be had.
 */
export async function tinyShell(report: (line: string) => void): Promise<TinyShell | undefined> {
  const folder = '/usr/lib/klibc/bin';
  try {
    const sh = await fileOfPackage(`${folder}/sh`, 'klibc-utils', report);
    return { sh, sleep: `${folder}/sleep`, libc: interpreterIn(await readFile(sh)) };
  } catch (error) {
    report(`no klibc-utils, dash instead: ${(error as Error).message}`);
    return undefined;
  }
}

/** bin/sh and bin/sleep for the folder of an image: the waiter runs on them, also where the image has no shell. */
export async function copyShell(
  shell: TinyShell | undefined,
  folder: string,
  report: (line: string) => void,
): Promise<void> {
  if (shell === undefined) {
    await relocate('/bin/dash', folder, 'sh', report);
    await relocate('/bin/sleep', folder, 'sleep', report);
    return;
  }
  await copyFile(shell.libc, `${folder}/lib/klibc.so`);
  await chmod(`${folder}/lib/klibc.so`, 0o755);
  for (const name of ['sh', 'sleep'] as const) {
    const program = await readFile(shell[name]);
    setInterpreter(program, shell.libc, `${home}/lib/klibc.so`);
    await writeFile(`${folder}/bin/${name}`, program, { mode: 0o755 });
  }
}

function interpreterIn(program: Buffer): string {
  const path = /\/lib\/klibc-[\w-]+\.so(?=\0)/.exec(program.toString('latin1'))?.[0];
  if (path === undefined) throw new Error('the sh of klibc-utils names no libc');
  return path;
}

/** In place, because patchelf does not understand these programs; the new path is shorter. */
function setInterpreter(program: Buffer, from: string, to: string): void {
  const at = program.indexOf(`${from}\0`);
  if (at < 0 || to.length > from.length) throw new Error(`cannot replace ${from} by ${to}`);
  program.fill(0, at, at + from.length).write(to, at, 'latin1');
}
