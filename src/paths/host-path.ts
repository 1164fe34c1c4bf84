import { posix } from 'node:path';
import { InvalidRequestError } from '../errors.ts';
import type { ContainerRecord, MountPoint } from '../runtime/container.ts';
import { askedFor } from './asked.ts';
import { comesFromHost } from './companions.ts';
import { mountsTo } from './kernel-mounts.ts';
import { type PathView, type Places, placesOf } from './places.ts';
import { describe, type Refusal } from './refusal.ts';
import { resolve } from './resolve.ts';
import { partOfVolume } from './volume.ts';

/** What another container has to mount to have a path of ours. */
export type HostPath = BindPath | VolumePath;

interface Found {
  /** Path on the engine's host; of a volume `''` where the engine does not tell. */
  readonly source: string;
  /** So it is here, and so it must stay. */
  readonly readOnly: boolean;
  /** The engine's mount of ours that it was found by. */
  readonly mountPoint: MountPoint;
}

export interface BindPath extends Found {
  readonly kind: 'bind';
  /** Missing: what is mounted later does not pass. */
  readonly propagation?: string | undefined;
  /** What is mounted below it on the host was left out here. */
  readonly nonRecursive?: boolean | undefined;
}

export interface VolumePath extends Found {
  readonly kind: 'volume';
  readonly volume: string;
  readonly driver: string;
  /** Path in the volume; `''` for the whole. */
  readonly subpath: string;
}

/**
 * Pure: a path of the container that we run in becomes what a sibling can mount.
 * @throws InvalidRequestError where it cannot be given to a sibling, with the reason and the way out
 */
export function hostPathOf(path: string, self: ContainerRecord, view: PathView): HostPath {
  const place = resolve(path, view);
  const found = typeof place === 'string' ? locate(place, placesOf(self, view)) : place;
  if (found.kind === 'refused') throw new InvalidRequestError([{ name: path, problem: found.problem }]);
  return found;
}

/** The same for a path without links. */
export function locate(place: string, places: Places): HostPath | Refusal {
  const way = mountsTo(place, places.view.mounts);
  const holder = way.at(-1);
  const at = way.findLastIndex((mount) => places.points.has(mount));
  const base = way[at];
  const mountPoint = base && places.points.get(base);
  if (holder === undefined || base === undefined || mountPoint === undefined) return describe(place, holder, places);
  const asked = askedFor(mountPoint, places.self);
  const isShared = asked.propagation?.endsWith('shared') ?? false;
  // The topmost, as that is what one sees.
  const stranger = way.findLast(
    (mount, index) => index > at && !comesFromHost(mount, way[index - 1], isShared, places),
  );
  if (stranger !== undefined) return describe(place, stranger, places);
  if (!['bind', 'volume'].includes(mountPoint.type)) return describe(place, base, places);
  if (holder.root.endsWith('//deleted')) return describe(place, holder, places);

  const rest = posix.relative(base.target, place);
  const readOnly = mountPoint.readOnly || holder.readOnly;
  if (mountPoint.type === 'volume' && mountPoint.name !== undefined) {
    const { name: volume, driver = '' } = mountPoint;
    const subpath = [partOfVolume(mountPoint, base, asked), rest].filter(Boolean).join('/');
    const source = joined(mountPoint.source, subpath);
    return { kind: 'volume', volume, driver, subpath, source, readOnly, mountPoint };
  }
  if (mountPoint.source === '') return describe(place, base, places);
  return {
    kind: 'bind',
    source: joined(mountPoint.source, rest),
    readOnly,
    ...(asked.propagation !== undefined && { propagation: asked.propagation }),
    ...(asked.nonRecursive && { nonRecursive: true }),
    mountPoint,
  };
}

/** The engine's words stay as they are: what looks odd (`/run/desktop/mnt/host/c`) is what works there. */
function joined(source: string, rest: string): string {
  if (rest === '' || source === '') return source;
  return `${source.replace(/\/$/, '')}/${rest}`;
}
