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
  const asked = new Set(request.mounts?.map(({ target }) => target));
  const isFree = (target: string, what: string): boolean => {
    if (asked.has(target)) leftOut.push({ setting: what, reason: 'OFFSHOOT_MOUNT has something else there' });
    return !asked.has(target);
  };
  const binds = own.binds?.filter((bind) => {
    const [source = '', target = ''] = bind.split(':');
    const reason = reasonAgainst(source, target, context);
    if (reason !== undefined) leftOut.push({ setting: `mount ${target}`, reason });
    return reason === undefined && isFree(target, `mount ${target}`);
  });
  const tmpfs = Object.entries(own.tmpfs ?? {}).filter(([target]) => isFree(target, `tmpfs ${target}`));
  const mounts = [...(own.mounts ?? []).map(named(context)), ...anonymous(context, leftOut), ...ofDonors(context)];
  const inherited = mounts.filter(({ target }) => isFree(target, `mount ${target}`));
  return {
    settings: {
      volumes: undefined,
      binds: nonEmpty(binds),
      tmpfs: tmpfs.length > 0 ? Object.fromEntries(tmpfs) : undefined,
      mounts: nonEmpty([...inherited, ...(request.mounts ?? [])]),
      volumesFrom: donorsOf(context).length > 0 ? undefined : own.volumesFrom,
    },
    leftOut,
  };
}

function reasonAgainst(source: string, target: string, { selfImage }: Context): string | undefined {
  if (ofTheAgent.test(source)) return 'its source goes with self';
  // Podman names them among the others.
  const isDeclared = /^[0-9a-f]{64}$/.test(source) && selfImage?.volumes?.includes(target);
  return isDeclared ? 'the image declares it: each container has its own' : undefined;
}

/** Tinkerbell's agent makes these for one action, and removes them with it. */
const ofTheAgent = /^\/tmp\/tink-dns-/;

function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}

/** A volume that was asked for without a name has one now. */
function named({ self }: Context): (mount: MountRequest) => MountRequest {
  return (mount) => {
    if (mount.type !== 'volume' || mount.source !== undefined) return mount;
    const volume = self.mountPoints.find(({ destination }) => destination === mount.target)?.name;
    return volume === undefined ? mount : { ...mount, source: volume };
  };
}

function anonymous({ self, own, selfImage }: Context, leftOut: LeftOut[]): MountRequest[] {
  const declared = new Set(selfImage?.volumes);
  const said = targetsOf(own);
  return (own.volumes ?? []).flatMap((path) => {
    if (said.has(path)) return [];
    if (declared.has(path)) {
      leftOut.push(leave('volumes', `${path} is a volume that the image declares: each container has its own`));
      return [];
    }
    const point = self.mountPoints.find(({ destination, type }) => destination === path && type === 'volume');
    return point === undefined ? [] : [requestFor(point)];
  });
}

/** The mounts that came from a container which is no more, one by one. */
function ofDonors(context: Context): MountRequest[] {
  if (donorsOf(context).length === 0) return [];
  const { self, own, selfImage } = context;
  const said = new Set([...targetsOf(own), ...(own.volumes ?? []), ...(selfImage?.volumes ?? [])]);
  return self.mountPoints.filter(({ destination }) => !said.has(destination)).map(requestFor);
}

function donorsOf({ own, gone }: Context): string[] {
  return (own.volumesFrom ?? []).filter((donor) => gone?.has(donor.split(':', 1)[0] ?? ''));
}

function targetsOf({ binds = [], mounts = [], tmpfs = {} }: ContainerSettings): Set<string> {
  return new Set([
    ...binds.map((bind) => bind.split(':')[1] ?? ''),
    ...mounts.map(({ target }) => target),
    ...Object.keys(tmpfs),
  ]);
}

function requestFor({ type, name, source, destination, readOnly }: MountPoint): MountRequest {
  return {
    type,
    source: type === 'volume' ? name : source,
    target: destination,
    ...(readOnly && { readOnly }),
  };
}
