import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { root } from '../bundle/package.ts';

export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} ${part}`);
  return hash.digest('hex').slice(0, 32);
}

/** The text of files of the project: what they make is to be made anew when they change. */
export async function sourcesOf(...names: readonly string[]): Promise<string> {
  return (await Promise.all(names.map((name) => readFile(`${root}/${name}`, 'utf8')))).join('\0');
}

/** Stands for the contents of large files, where reading them would take longer than all the rest. */
export async function stateOf(...paths: readonly string[]): Promise<string> {
  const states = paths.map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found === undefined ? `${path} none` : `${path} ${found.size} ${found.mtimeMs}`;
  });
  return (await Promise.all(states)).join('\0');
}

/** Fills a folder unless it was filled for the same identity before. */
export async function fillOnce(
  folder: string,
  identity: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const stamp = `${folder}.filled`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === identity) return;
  await rm(stamp, { force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fill(folder);
  await writeFile(`${stamp}.new`, identity);
  await rename(`${stamp}.new`, stamp);
}
