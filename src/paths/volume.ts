import { posix } from 'node:path';
import type { MountPoint } from '../runtime/container.ts';
import type { Asked } from './asked.ts';
import type { KernelMount } from './kernel-mounts.ts';

/** Which part of its volume is mounted there: `''` for the whole. Engines tell the source of the whole alone. */
export function partOfVolume(point: MountPoint, { root }: KernelMount, asked: Asked): string {
  // The kernel knows it best, as long as the volume is a folder of the engine's: also where somebody else asked for it.
  const whole = foldersOf(root).find(
    (folder) => folder.endsWith(`/${point.name}/_data`) && point.source.endsWith(folder),
  );
  if (whole !== undefined) return posix.relative(whole, root);
  return posix.join('/', asked.subpath ?? '').replaceAll(/^\/|\/$/g, '');
}

function foldersOf(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === path ? [path] : [path, ...foldersOf(parent)];
}
