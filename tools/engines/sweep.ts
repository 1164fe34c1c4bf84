import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { folderPrefix } from './folder.ts';
import { removeLeftovers } from './leftovers.ts';
import { ownerIsAlive } from './owner.ts';

/**
 * Removes what engines left behind whose owner did not stop them. Their processes ended with their owner (see world.sh),
 * so there is nothing to kill. Returns the folders removed.
 */
export async function sweepEngines(root: string = tmpdir()): Promise<string[]> {
  const names = (await readdir(root)).filter((name) => name.startsWith(folderPrefix));
  const swept: string[] = [];
  for (const dir of names.map((name) => `${root}/${name}`)) {
    if ((await ownerIsAlive(dir)) !== false) continue;
    await removeLeftovers(dir);
    swept.push(dir);
  }
  return swept;
}
