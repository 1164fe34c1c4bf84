import { posix } from 'node:path';
import type { ContainerRecord, MountPoint } from '../runtime/container.ts';

/** What a mount of ours was asked for with, that the engine does not tell beside its mount points. */
export interface Asked {
  /** Not `private`, which they are unless it is said. */
  readonly propagation?: string | undefined;
  readonly nonRecursive?: boolean | undefined;
  readonly subpath?: string | undefined;
}

export function askedFor({ destination }: MountPoint, { settings }: ContainerRecord): Asked {
  const mount = settings.mounts?.find(({ target }) => isSame(target, destination));
  const bind = settings.binds?.map((text) => text.split(':')).find(([, target]) => isSame(target ?? '', destination));
  const words = [mount?.bindOptions?.propagation ?? '', ...(bind?.[2]?.split(',') ?? [])];
  return {
    propagation: words.find((word) => /^r?(?:shared|slave)$/.test(word)),
    nonRecursive: mount?.bindOptions?.nonRecursive,
    subpath: mount?.volumeOptions?.subpath,
  };
}

/** `/data/` is `/data`. */
function isSame(target: string, destination: string): boolean {
  return posix.relative(target, destination) === '';
}
