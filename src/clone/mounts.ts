import { posix } from 'node:path';
import type { MountPoint } from '../runtime/container.ts';
import type { ContainerSettings, MountRequest } from '../runtime/settings.ts';
import type { Context } from './context.ts';
import { type LeftOut, leave, type Part } from './left-out.ts';

/**
 * Everything that is mounted in self, as it was asked for. Its own anonymous volumes are given by their names, so that
 * the sibling finds the same files; those that an image declares are made anew for each container.
 */
export function cloneMounts(context: Context): Part {
  const { own, request } = context;
  const leftOut: LeftOut[] = [];
  const asked = new Set(request.mounts?.map(({ target }) => placeOf(target)));
  const isFree = (target: string, kind = 'mount'): boolean => {
    const taken = asked.has(placeOf(target));
    if (taken) leftOut.push({ setting: `${kind} ${target}`, reason: 'OFFSHOOT_MOUNT has something else there' });
    return !taken;
  };
  const binds = own.binds?.filter((bind) => {
    const [source = '', target] = bind.split(':');
    if (target === undefined) return false; // an anonymous volume
    if (ofTheAgent.test(source)) leftOut.push({ setting: `mount ${target}`, reason: 'its source goes with self' });
    return !ofTheAgent.test(source) && isFree(target);
  });
  const tmpfs = Object.entries(own.tmpfs ?? {}).filter(([target]) => isFree(target, 'tmpfs'));
  const mounts = [...(own.mounts ?? []).map(named(context)), ...anonymous(context, leftOut), ...ofDonors(context)];
  const inherited = mounts.filter(({ target }) => isFree(target));
  const given = [...inherited, ...(request.mounts ?? [])];
  return {
    settings: {
      binds: binds?.length ? binds : undefined,
      tmpfs: tmpfs.length > 0 ? Object.fromEntries(tmpfs) : undefined,
      mounts: given.length > 0 ? given : undefined,
      volumesFrom: goneDonors(context).length > 0 ? undefined : own.volumesFrom,
    },
    leftOut,
  };
}

/** Tinkerbell's agent makes these for one action, and removes them with it. */
const ofTheAgent = /^\/tmp\/tink-dns-/;

/** Engines mount `/data/` at `/data`, and say both. */
function placeOf(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal;
}

/** A volume that was asked for without a name has one now. */
function named({ self }: Context): (mount: MountRequest) => MountRequest {
  return (mount) => {
    if (mount.type !== 'volume' || mount.source !== undefined) return mount;
    const volume = self.mountPoints.find(({ destination }) => destination === placeOf(mount.target))?.name;
    return volume === undefined ? mount : { ...mount, source: volume };
  };
}

/** Those of `-v /path`. Where the image declares one, and nobody put something else there, it is the image's. */
function anonymous({ self, own, selfImage }: Context, leftOut: LeftOut[]): MountRequest[] {
  const said = targetsOf(own);
  const asked = [...(own.volumes ?? []), ...(own.binds ?? []).filter((bind) => !bind.includes(':'))];
  return [...placesOf(asked)].flatMap((path) => {
    const point = self.mountPoints.find(({ destination }) => destination === path);
    if (said.has(path)) return [];
    if (placesOf(selfImage?.volumes).has(path)) {
      if (point === undefined || isAnonymous(point))
        leftOut.push(leave('volumes', `${path} is a volume that the image declares: each container has its own`));
      return [];
    }
    return point?.type === 'volume' ? [requestFor(point)] : [];
  });
}

/** The mounts that came from a container which is no more, one by one. */
function ofDonors(context: Context): MountRequest[] {
  if (goneDonors(context).length === 0) return [];
  const { self, own } = context;
  const said = targetsOf(own);
  const isOwn = (point: MountPoint): boolean => placesOf(own.volumes).has(point.destination) && isAnonymous(point);
  return self.mountPoints.filter((point) => !said.has(point.destination) && !isOwn(point)).map(requestFor);
}

function isAnonymous({ type, name }: MountPoint): boolean {
  return type === 'volume' && (name === undefined || /^[0-9a-f]{64}$/.test(name));
}

function goneDonors({ own, gone }: Context): string[] {
  return (own.volumesFrom ?? []).filter((donor) => gone?.has(donor.split(':', 1)[0] ?? ''));
}

function placesOf(paths: readonly string[] = []): Set<string> {
  return new Set(paths.map(placeOf));
}

function targetsOf({ binds = [], mounts = [], tmpfs = {} }: ContainerSettings): Set<string> {
  return placesOf([
    ...binds.flatMap((bind) => bind.split(':')[1] ?? []),
    ...mounts.map(({ target }) => target),
    ...Object.keys(tmpfs),
  ]);
}

function requestFor({ type, name, source, destination, readOnly }: MountPoint): MountRequest {
  return {
    type,
    // Docker does not name the volume of a bind without a source.
    source: type === 'volume' ? (name ?? /\/([^/]+)\/_data$/.exec(source)?.[1]) : source,
    target: destination,
    ...(readOnly && { readOnly }),
  };
}
