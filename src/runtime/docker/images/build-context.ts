import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { pack } from 'tar-fs';

// Its types say that it is a member of itself.
const createIgnore = dockerignore as unknown as typeof dockerignore.default;

/**
 * The folder as an archive, without what its `.dockerignore` leaves out. Times and owners are left out as well, so that
 * the same files are the same layer wherever they come from.
 */
export async function contextOf(folder: string, dockerfile: string): Promise<AsyncIterable<Uint8Array>> {
  const text = await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => '');
  const ignore = createIgnore({ ignorecase: false }).add(text.split(/\r?\n/));
  const kept = new Set([dockerfile, '.dockerignore']);
  return pack(folder, {
    ignore(path) {
      const name = relative(folder, path);
      return name !== '' && !kept.has(name) && ignore.ignores(name);
    },
    map: (header) => ({ ...header, uid: 0, gid: 0, mtime: new Date(0) }),
  });
}
