import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Mount } from './proc.ts';

/** What only our container can have, because we make it now; the engine is asked where it is. */
export interface Marks {
  /** What our process is called from now on; undefined where it cannot be renamed. */
  processName(): string | undefined;
  /** The path of a file in our root file system; undefined where nothing can be written there. */
  file(): string | undefined;
  /** Takes back whatever was made. */
  remove(): void;
}

export function createMarks(mounts: readonly Mount[], folders: readonly string[] = usualFolders): Marks {
  let named: boolean | undefined;
  let file: { readonly path: string | undefined } | undefined;
  return {
    processName() {
      named ??= takeName();
      return naming?.name;
    },
    file() {
      file ??= { path: writeFile(mounts, folders) };
      return file.path;
    },
    remove() {
      if (named === true) dropName();
      if (file?.path !== undefined) rmSync(file.path, { force: true });
      named = file = undefined;
    },
  };
}

const commPath = '/proc/self/comm';

/** Searches of the same time share one name: the second one's would hide the first one's from the engine. */
let naming: { readonly name: string; readonly before: string; users: number } | undefined;

function takeName(): boolean {
  if (naming === undefined) {
    // 15 characters are what the kernel keeps.
    const name = `os-${randomBytes(6).toString('hex')}`;
    try {
      const before = readFileSync(commPath, 'utf8').replace(/\n$/, '');
      writeFileSync(commPath, name);
      naming = { name, before, users: 0 };
    } catch {
      return false;
    }
  }
  naming.users += 1;
  return true;
}

function dropName(): void {
  if (naming === undefined) return;
  naming.users -= 1;
  if (naming.users > 0) return;
  writeFileSync(commPath, naming.before);
  naming = undefined;
}

/** Folders that are usually writable. */
const usualFolders = ['/', '/tmp', '/var/tmp', '/run', '/opt/offshoot'];

function writeFile(mounts: readonly Mount[], folders: readonly string[]): string | undefined {
  const name = `.offshoot-${randomBytes(16).toString('hex')}`;
  for (const folder of folders) {
    try {
      const real = realpathSync(folder);
      if (isMounted(real, mounts)) continue;
      const path = posix.join(real, name);
      writeFileSync(path, '', { flag: 'wx' });
      return path;
    } catch {
      // Not there, read-only, or not ours to write: the next one.
    }
  }
  return undefined;
}

/**
 * Another container can have the same volume at the same place. The number of the device does not tell a volume from
 * the root file system: where the engine's storage driver is vfs, both can be folders of one disk.
 */
function isMounted(path: string, mounts: readonly Mount[]): boolean {
  return mounts.some(({ target }) => target !== '/' && `${path}/`.startsWith(`${target}/`));
}
