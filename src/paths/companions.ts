import type { MountPoint } from '../runtime/container.ts';
import { idsInMountinfo } from '../self/proc.ts';
import { isWithin, type KernelMount } from './kernel-mounts.ts';
import type { Places } from './places.ts';

/**
 * A folder is mounted with all that is mounted in it on the host, and these follow it at once in the list. What
 * somebody mounts later, in a container that may, comes after all that the engine has made.
 */
export function companionsOf(
  points: ReadonlyMap<KernelMount, MountPoint>,
  tmpfs: ReadonlySet<string>,
  mounts: readonly KernelMount[],
): Set<KernelMount> {
  const last = mounts.findLastIndex((mount) => points.has(mount) || isEngineMade(mount));
  const found = new Set<KernelMount>();
  const family = new Set<number>();
  for (const mount of mounts.slice(0, last)) {
    const isCompanion = family.has(mount.parent) && !tmpfs.has(mount.target) && !isEngineMade(mount);
    if (points.has(mount) || !isCompanion) family.clear();
    if (points.has(mount) || isCompanion) family.add(mount.id);
    if (isCompanion && !points.has(mount)) found.add(mount);
  }
  return found;
}

/** Is it a mount of the host's that we see because it lies below a folder which the engine has mounted? */
export function comesFromHost(
  mount: KernelMount,
  on: KernelMount | undefined,
  isShared: boolean,
  { cameAlong }: Places,
): boolean {
  if (on === undefined) return false;
  // What is mounted in a folder that is shared with the host is mounted there too; what follows the host comes from it.
  if ((isShared && on.isShared) || (on.isSlave && mount.isSlave)) return true;
  // A file system of the engine's own that lies there (a tmpfs, /dev/shm) has no source of its own.
  return cameAlong.has(mount) && /[/:]/.test(mount.device) && !isOfTheKernel(mount.target);
}

/** Made for each container: files such as /etc/hosts, the file systems of the kernel, and the masks over /proc. */
export function isEngineMade(mount: KernelMount): boolean {
  const { target, fileSystem, root } = mount;
  const isMask = fileSystem === 'proc' && root !== '/' && target === `/proc${root}`;
  return isMask || idsInMountinfo([mount]).length > 0;
}

export function isOfTheKernel(path: string): boolean {
  return ['/proc', '/sys', '/dev'].some((folder) => isWithin(path, folder));
}
