import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layoutOf } from './daemons.ts';
import { ownerIsAlive, writeOwner } from './owner.ts';

export const folderPrefix = 'offshoot-engine-';
const socketPathLimit = 104;

/** A folder for an engine, marked as ours: a new one, or the one wished for when nothing else is in it. */
export async function claimFolder(wished: string | undefined): Promise<string> {
  const longest = layoutOf(resolve(wished ?? join(tmpdir(), `${folderPrefix}XXXXXX`))).containerdSocket;
  if (longest.length >= socketPathLimit) {
    throw new Error(`${longest} is too long for a unix socket; use a shorter folder`);
  }
  const dir = wished === undefined ? await mkdtemp(join(tmpdir(), folderPrefix)) : resolve(wished);
  const { socket, containerdSocket } = layoutOf(dir);
  await mkdir(dir, { recursive: true });
  const alive = await ownerIsAlive(dir);
  if (alive === undefined && (await readdir(dir)).length > 0) {
    throw new Error(`${dir} is not empty and not an engine's; it would be deleted with the engine`);
  }
  // One that was rebooted left its sockets, which look as if somebody listened already.
  await Promise.all([rm(socket, { force: true }), rm(containerdSocket, { force: true })]);
  await writeOwner(dir);
  return dir;
}
