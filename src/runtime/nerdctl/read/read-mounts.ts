import type { MountPoint } from '../../container.ts';
import type { ContainerSettings, MountRequest } from '../../settings.ts';
import { type BookedMount, booksOf } from './labels.ts';
import type { NativeContainer, NativeMount } from './native.ts';

type MountSettings = Pick<ContainerSettings, 'binds' | 'mounts' | 'tmpfs' | 'volumes'>;

interface ReadMounts {
  readonly settings: MountSettings;
  readonly mountPoints: readonly MountPoint[];
}

/** What somebody had mounted. What an engine makes for each container is never among it. */
export function readMounts(container: NativeContainer): ReadMounts {
  const { mounts: booked, anonymousVolumes = [] } = booksOf(container);
  const spec = new Map(container.Spec.mounts.map((mount) => [mount.destination, mount]));
  const found = booked ?? container.Spec.mounts.filter(isOfUser).map(bookedBy);
  const parts = found.map((mount) => partOf(mount, spec.get(mount.Destination), anonymousVolumes));
  const binds = parts.flatMap(({ bind }) => bind ?? []);
  const mounts = parts.flatMap(({ mount }) => mount ?? []);
  const tmpfs = parts.flatMap((part) => (part.tmpfs === undefined ? [] : [part.tmpfs]));
  const volumes = parts.flatMap(({ volume }) => volume ?? []);
  return {
    settings: {
      ...(binds.length > 0 && { binds }),
      ...(mounts.length > 0 && { mounts }),
      ...(tmpfs.length > 0 && { tmpfs: Object.fromEntries(tmpfs) }),
      ...(volumes.length > 0 && { volumes }),
    },
    mountPoints: found.filter(({ Type }) => Type !== 'tmpfs').map(pointOf),
  };
}

function pointOf({ Type, Name, Source, Destination, Driver, RW }: BookedMount): MountPoint {
  return {
    type: Type,
    source: Source,
    destination: Destination,
    ...(Name !== undefined && { name: Name }),
    ...(Driver !== undefined && { driver: Driver }),
    readOnly: !RW,
  };
}

interface Part {
  readonly bind?: string;
  readonly mount?: MountRequest;
  readonly tmpfs?: readonly [target: string, options: string];
  /** Target of an anonymous volume. */
  readonly volume?: string;
}

/** How it was asked for: `--mount` leaves another type in the spec than `-v` does. */
function partOf(booked: BookedMount, inSpec: NativeMount | undefined, anonymous: readonly string[]): Part {
  const { Type, Name, Source, Destination, Mode, RW, Propagation } = booked;
  if (Type === 'tmpfs') {
    const options = longTmpfs.exec(Mode)?.groups;
    if (options === undefined) return { tmpfs: [Destination, Mode.replace(/^nosuid,nodev(?:,|$)/, '')] };
    return { mount: { type: 'tmpfs', target: Destination, ...(!RW && { readOnly: true }), ...tmpfsOptions(options) } };
  }
  const source = Type === 'volume' ? Name : Source;
  if (source !== undefined && anonymous.includes(source)) return { volume: Destination };
  const isLong = inSpec?.type === 'bind';
  if (!isLong && !`${source}${Destination}`.includes(':'))
    return { bind: [source, Destination, ...(Mode === '' ? [] : [Mode])].join(':') };
  const propagation = Propagation === '' || Propagation === 'rprivate' ? undefined : Propagation;
  const nonRecursive = Mode.split(',').includes('bind') && !Mode.split(',').includes('rbind');
  const bindOptions = { ...(propagation !== undefined && { propagation }), ...(nonRecursive && { nonRecursive }) };
  return {
    mount: {
      type: Type,
      ...(source !== undefined && { source }),
      target: Destination,
      ...(!RW && { readOnly: true }),
      ...(Type === 'bind' && Object.keys(bindOptions).length > 0 && { bindOptions }),
    },
  };
}

/** What `--mount type=tmpfs` becomes; `--tmpfs` begins in another way. */
const longTmpfs = /^noexec,nosuid,nodev,mode=(?<mode>[0-7]+)(?:,size=(?<size>\w+))?(?:,ro)?$/;

function tmpfsOptions({ mode = '', size }: Record<string, string | undefined>): Pick<MountRequest, 'tmpfsOptions'> {
  const sizeBytes = size === undefined ? undefined : bytesOf(size);
  const bits = Number.parseInt(mode, 8);
  const options = { ...(sizeBytes !== undefined && { sizeBytes }), ...(bits !== 0o1777 && { mode: bits }) };
  return Object.keys(options).length > 0 ? { tmpfsOptions: options } : {};
}

/** `64k`, `1m` */
export function bytesOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([kmgt]?)b?$/i.exec(text) ?? [];
  return digits === undefined
    ? undefined
    : Number(digits) * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase());
}

const files = ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname'];
/** Where engines and Tinkerbell's agent make these files, one for each container. */
const made = /\/(?:containers|etchosts|sandboxes|overlay-containers)\/|^\/tmp\/tink-dns-/;
const systemPlaces = /^\/(?:proc|sys|dev)(?:\/|$)|^\/run$/;

/** Of a container that nerdctl did not make. */
function isOfUser({ destination, type, source, options }: NativeMount): boolean {
  if (files.includes(destination)) return !made.test(source) && source !== destination;
  const isBind = type === 'bind' || options.some((option) => /^r?bind$/.test(option));
  // With the host's IPC namespace they are binds.
  if (destination === '/dev/shm' || destination === '/dev/mqueue') return false;
  if (destination === '/sbin/tini') return !/\/tini(?:-static)?$/.test(source);
  return isBind || (type === 'tmpfs' && !systemPlaces.test(destination));
}

function bookedBy({ destination, type, source, options }: NativeMount): BookedMount {
  const propagation = options.find((option) => /^r?(?:shared|slave|private|unbindable)$/.test(option)) ?? '';
  const isTmpfs = type === 'tmpfs';
  const Mode = isTmpfs ? options.join(',') : options.filter((option) => option !== 'rw').join(',');
  return {
    Type: isTmpfs ? 'tmpfs' : 'bind',
    Source: source,
    Destination: destination,
    Mode,
    RW: !options.includes('ro'),
    Propagation: propagation,
  };
}
