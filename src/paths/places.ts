import type { ContainerRecord, MountPoint } from '../runtime/container.ts';
import { companionsOf } from './companions.ts';
import { type KernelMount, mountsTo } from './kernel-mounts.ts';

/** What of our own file system has to be seen to translate its paths. */
export interface PathView {
  /** Absolute, without links; throws as node:fs does where there is nothing. */
  readonly realpath: (path: string) => string;
  /** /proc/self/mountinfo. Read in the mount namespace that the engine made. */
  readonly mounts: readonly KernelMount[];
}

/** The kernel's mounts, each with what the engine tells of it. */
export interface Places {
  readonly self: ContainerRecord;
  readonly view: PathView;
  /** The engine's mount points that are not hidden. */
  readonly points: ReadonlyMap<KernelMount, MountPoint>;
  /** Where the engine was asked for a tmpfs. */
  readonly tmpfs: ReadonlySet<string>;
  /** Mounts of the host below a folder that the engine has mounted together with it, or so it seems. */
  readonly cameAlong: ReadonlySet<KernelMount>;
}

export function placesOf(self: ContainerRecord, view: PathView): Places {
  const { settings, mountPoints } = self;
  const points = pointsOf(mountPoints, view);
  const asked = (settings.mounts ?? []).filter(({ type }) => type === 'tmpfs').map(({ target }) => target);
  const tmpfs = new Set([...Object.keys(settings.tmpfs ?? {}), ...asked].map((target) => resolved(target, view)));
  return { self, view, points, tmpfs, cameAlong: companionsOf(points, tmpfs, view.mounts) };
}

/** `/var/run` is a link to `/run` in most images, and a mount may have been asked for by either. */
export function resolved(path: string, { realpath }: PathView): string {
  try {
    return realpath(path);
  } catch {
    return path;
  }
}

/** An engine mounts once at a place. Where the kernel has more there, or the engine tells of more, nobody knows whose it is. */
function pointsOf(mountPoints: readonly MountPoint[], view: PathView): Map<KernelMount, MountPoint> {
  const found = new Map<KernelMount, MountPoint>();
  const targets = mountPoints.map(({ destination }) => resolved(destination, view));
  for (const [index, point] of mountPoints.entries()) {
    const target = targets[index] ?? '';
    const [top, below] = mountsTo(target, view.mounts).toReversed();
    const isOnly = targets.filter((other) => other === target).length === 1 && below?.target !== target;
    if (top?.target === target && isOnly) found.set(top, point);
  }
  return found;
}
