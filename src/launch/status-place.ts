import { accessSync, constants, statSync } from 'node:fs';
import { posix } from 'node:path';
import { InvalidRequestError } from '../errors.ts';
import { folderMounts } from '../paths/folder.ts';
import type { PathView } from '../paths/places.ts';
import type { ContainerRecord, MountRequest } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** Where a waiter has the folder of the status file. */
const folderInWaiter = '/run/offshoot/status';

export interface StatusPlace {
  /** Of the waiter. */
  readonly path: string;
  readonly mounts: readonly MountRequest[];
}

export interface StatusWorld {
  readonly self: ContainerRecord;
  readonly runtime: Runtime;
  readonly view: PathView;
  readonly byWaiter: boolean;
}

/**
 * Can the file be written: by us, and by a waiter where there is one?
 * @throws InvalidRequestError
 */
export function statusPlace(
  path: string | undefined,
  { self, runtime, view, byWaiter }: StatusWorld,
): StatusPlace | undefined {
  if (path === undefined) return undefined;
  const no = (problem: string): InvalidRequestError =>
    new InvalidRequestError([{ name: 'OFFSHOOT_STATUS_FILE', problem: `"${path}": ${problem}` }]);
  const problem = problemWith(path, view);
  if (problem !== undefined) throw no(problem);
  if (!byWaiter) return undefined;
  const folder = view.realpath(posix.dirname(path));
  const request = { self, view, can: runtime.features, target: folderInWaiter, readOnly: false };
  const mounts = folderMounts(folder, request);
  if ('problem' in mounts) throw no(`the waiter has to be given its folder, and ${mounts.problem}`);
  return { path: `${folderInWaiter}/${posix.basename(path)}`, mounts };
}

function problemWith(path: string, view: PathView): string | undefined {
  const folder = posix.dirname(path);
  try {
    if (!statSync(folder).isDirectory()) return `${folder} is no folder`;
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOENT' ? `there is no folder ${folder}` : `${folder} cannot be written to: ${code}`;
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return 'is a folder; expected the path of a file';
  const place = posix.join(view.realpath(folder), posix.basename(path));
  return view.mounts.some(({ target }) => target === place)
    ? 'is a mount of its own, which cannot be replaced in one step; mount its folder'
    : undefined;
}
