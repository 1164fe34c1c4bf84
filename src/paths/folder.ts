import { posix } from 'node:path';
import { InvalidRequestError } from '../errors.ts';
import type { ContainerRecord, MountRequest } from '../runtime/container.ts';
import type { PathView } from './places.ts';
import { type Refusal, refused } from './refusal.ts';
import type { Abilities } from './request.ts';
import { translateMounts } from './translate.ts';

/** Who asks, and what for. */
export interface FolderRequest {
  readonly self: ContainerRecord;
  readonly view: PathView;
  readonly can: Abilities;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What gives a folder of ours, with what is mounted below it, to another container. */
export function folderMounts(
  folder: string,
  { self, view, can, target, readOnly }: FolderRequest,
): readonly MountRequest[] | Refusal {
  try {
    return translateMounts([{ text: folder, type: 'bind', source: folder, target, readOnly }], self, view, can).mounts;
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return refused(error.mistakes.map(({ problem }) => problem.replace(`${folder}: `, '')).join('; '));
  }
}

/** The nearest folder above a path that is there now, without links, and the way on from it. */
export function ancestorOf(path: string, { realpath }: PathView): { readonly folder: string; readonly rest: string } {
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '');
  let [folder, rest] = [posix.dirname(normal), posix.basename(normal)];
  for (;;) {
    try {
      return { folder: realpath(folder), rest };
    } catch (error) {
      if (posix.dirname(folder) === folder) throw error;
      [folder, rest] = [posix.dirname(folder), posix.join(posix.basename(folder), rest)];
    }
  }
}
