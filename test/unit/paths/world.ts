import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { InvalidRequestError } from '../../../src/errors.ts';
import { hostPathOf } from '../../../src/paths/host-path.ts';
import { parseKernelMounts } from '../../../src/paths/kernel-mounts.ts';
import type { PathView } from '../../../src/paths/places.ts';
import type { ContainerRecord, ContainerSettings, MountPoint } from '../../../src/runtime/container.ts';
import { readContainer } from '../../../src/runtime/docker/create/inspect.ts';

/** A container as its engine tells it, and as it sees itself. */
export interface World {
  readonly self: ContainerRecord;
  readonly view: PathView;
}

/** One of test/fixtures/paths. */
export interface Sample extends World {
  readonly name: string;
  readonly shows: string;
}

const base = {
  Id: 'c'.repeat(64),
  Name: '/self',
  Image: 'sha256:1',
  State: { Status: 'running', Running: true, Pid: 1, ExitCode: 0, StartedAt: '2026-01-01T00:00:00Z' },
  Config: { Image: 'self:1' },
  HostConfig: {},
};

const folder = new URL('../../fixtures/paths/', import.meta.url);

export const samples: readonly Sample[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const { shows, links, inspect, mountinfo } = JSON.parse(text) as {
      shows: string;
      links: Record<string, string>;
      inspect: object;
      mountinfo: string[];
    };
    const view = { realpath: realpathIn(links), mounts: parseKernelMounts(mountinfo.join('\n')) };
    return { name: name.replace('.json', ''), shows, self: readContainer({ ...base, ...inspect }), view };
  });

export function sample(name: string): Sample {
  const found = samples.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no sample ${name}`);
  return found;
}

/** One mount: what the kernel has in its line, and what the engine tells of it. */
export interface Mounted extends Partial<MountPoint> {
  readonly at: string;
  /** Where the kernel has it, when there is a link on the way. */
  readonly kernelAt?: string;
  /** The engine does not tell of it. */
  readonly untold?: boolean;
  readonly fileSystem?: string;
  readonly root?: string;
  readonly device?: string;
  /** `shared:1`, `master:1` */
  readonly tags?: string;
  readonly options?: string;
}

export interface Told {
  readonly links?: Readonly<Record<string, string>>;
  /** Paths at which there is nothing. */
  readonly missing?: readonly string[];
  readonly settings?: Partial<ContainerSettings>;
  /** After the engine's files in /etc, as by hand. */
  readonly later?: readonly Mounted[];
}

/** A container with an overlay as root, /proc and /dev, these mounts in their order, and a file in /etc of the engine's. */
export function world(mounted: readonly Mounted[], { links, missing, settings, later = [] }: Told = {}): World {
  const engineMade = { at: '/etc/hosts', root: `/var/lib/docker/containers/${'c'.repeat(64)}/hosts`, untold: true };
  const before: Mounted[] = [
    { at: '/', fileSystem: 'overlay', untold: true },
    { at: '/proc', fileSystem: 'proc', untold: true },
    { at: '/dev', fileSystem: 'tmpfs', untold: true },
  ];
  const all = [
    ...before.filter(({ at }) => !mounted.some((mount) => mount.at === at)),
    ...mounted,
    engineMade,
    ...later,
  ];
  const lines = all.map((mount, index) => lineOf(mount, index, parentOf(index)));
  const points = all.filter(({ untold }) => untold !== true).map(pointOf);
  const record = readContainer(base);
  return {
    self: { ...record, settings: { ...record.settings, ...settings }, mountPoints: points },
    view: { realpath: realpathIn(links, missing), mounts: parseKernelMounts(lines.join('\n')) },
  };

  /** The mount before it that holds the place. */
  function parentOf(index: number): number {
    const place = kernelPlace(all[index]);
    const holders = all.map((mount, at) => ({ at, folder: kernelPlace(mount) })).slice(0, index);
    const best = holders
      .filter(({ folder: of }) => place === of || place.startsWith(of === '/' ? '/' : `${of}/`))
      .toSorted((left, right) => left.folder.length - right.folder.length || left.at - right.at)
      .at(-1);
    return best === undefined ? 1 : best.at + 100;
  }
}

function kernelPlace(mount: Mounted | undefined): string {
  return mount?.kernelAt ?? mount?.at ?? '';
}

function lineOf(mount: Mounted, index: number, parent: number): string {
  const { root = '/somewhere', fileSystem = 'ext4', device = fileSystem === 'ext4' ? '/dev/sda1' : fileSystem } = mount;
  const { tags = '', options = 'rw' } = mount;
  const place = kernelPlace(mount).replaceAll(' ', String.raw`\040`);
  return `${index + 100} ${parent} 8:1 ${root} ${place} ${options} ${tags}${tags && ' '}- ${fileSystem} ${device} rw`;
}

function pointOf({ at, type = 'bind', source = '/srv/app', readOnly = false, name, driver }: Mounted): MountPoint {
  return { type, source, destination: at, readOnly, name, driver };
}

/** As the kernel follows a path: links are absolute or beside themselves, and `..` is of what a link leads to. */
export function realpathIn(links: Readonly<Record<string, string>> = {}, missing: readonly string[] = []) {
  return (path: string): string => {
    let place = '/';
    const parts = (path.startsWith('/') ? path : `/app/${path}`).split('/');
    for (let steps = 0; parts.length > 0; steps += 1) {
      if (steps > 1000) throw Object.assign(new Error('ELOOP'), { code: 'ELOOP' });
      const next = posix.join(place, parts.shift() ?? '');
      const link = links[next];
      if (missing.includes(next)) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      if (link === undefined) place = next;
      else {
        if (link.startsWith('/')) place = '/';
        parts.unshift(...link.split('/'));
      }
    }
    return place === '/' ? '/' : place.replace(/\/$/, '');
  };
}

/** Of a path that is refused. */
export function problemOf(path: string, { self, view }: World): string {
  try {
    return `not refused: ${JSON.stringify(hostPathOf(path, self, view))}`;
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return error.message;
  }
}
