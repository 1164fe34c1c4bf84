import { nameOf } from '../../../src/clone/env.ts';
import type { ContainerRecord, ContainerSettings, ImageConfig, MountPoint } from '../../../src/runtime/container.ts';
import { targetOf } from './arbitraries.ts';
import { selfWith, volumeAt } from './support.ts';

/**
 * A small model of an engine: what it says of a container that it was asked to create, and what it refuses
 * (reference/clone.md, section 4).
 */
export function onEngine(asked: ContainerSettings, image: ImageConfig, id: string): ContainerRecord {
  for (const [problem, isSo] of refusals) if (isSo(asked)) throw new Error(problem);
  const settings = canonical({ ...defaults(asked), ...asked, ...merged(asked, image), ...network(asked, id) });
  return { ...selfWith(settings, { mountPoints: mountPoints(settings, id) }), id, name: `name-${id[0]}` };
}

const isShared = (mode: string | undefined): boolean => mode?.startsWith('container:') ?? false;
const hasOwnNetworks = (mode: string | undefined): boolean => !/^(?:host|none|container:.*)$/.test(mode ?? 'bridge');

function inOther(setting: keyof ContainerSettings): (asked: ContainerSettings) => boolean {
  return (asked) => isShared(asked.networkMode) && asked[setting] !== undefined;
}

export const refusals: readonly (readonly [problem: string, isSo: (asked: ContainerSettings) => boolean])[] = [
  ['conflicting options: hostname and the network mode', inOther('hostname')],
  ['conflicting options: container type network can’t be used with links', inOther('links')],
  ['conflicting options: dns and the network mode', inOther('dns')],
  ['conflicting options: custom host-to-IP mapping and the network mode', inOther('extraHosts')],
  ['conflicting options: port publishing and the container type network mode', inOther('publishedPorts')],
  ['conflicting options: port publishing and the container type network mode', inOther('publishAllPorts')],
  ['conflicting options: port exposing and the container type network mode', inOther('exposedPorts')],
  [
    'conflicting options: hostname and the UTS mode',
    ({ utsMode, hostname }) => utsMode === 'host' && hostname !== undefined,
  ],
  [
    'conflicting options: host type networking can’t be used with links',
    ({ networkMode, links }) => networkMode === 'host' && links !== undefined,
  ],
  [
    'can’t create AutoRemove container with restart policy',
    ({ autoRemove, restartPolicy }) => autoRemove === true && restartPolicy !== undefined,
  ],
  [
    'conflicting options: Nano CPUs and CPU Period',
    ({ nanoCpus, cpuPeriod, cpuQuota }) => nanoCpus !== undefined && (cpuPeriod ?? cpuQuota) !== undefined,
  ],
  [
    'You should always set the Memory limit when using Memoryswap limit',
    ({ memory, memorySwap = 0 }) => memory === undefined && memorySwap > 0,
  ],
  ['Duplicate mount point', (asked) => new Set(targets(asked)).size < targets(asked).length],
  [
    'this mode has no networks',
    ({ networkMode, networks = {} }) => !hasOwnNetworks(networkMode) && Object.keys(networks).length > 0,
  ],
];

export function targets({ binds = [], mounts = [], tmpfs = {} }: ContainerSettings): string[] {
  return [...binds.map(targetOf), ...mounts.map(({ target }) => target), ...Object.keys(tmpfs)];
}

function defaults({ memory }: ContainerSettings): ContainerSettings {
  return {
    ...{ shmSize: 67_108_864, ipcMode: 'private', cgroupnsMode: 'private', runtime: 'runc' },
    logConfig: { type: 'json-file' },
    ...(memory !== undefined && { memorySwap: 2 * memory }),
  };
}

function merged(asked: ContainerSettings, image: ImageConfig): ContainerSettings {
  const names = new Set(asked.env?.map(nameOf));
  const byImage = asked.entrypoint === undefined || asked.entrypoint.length === 0;
  return {
    env: [...(asked.env ?? []), ...(image.env ?? []).filter((entry) => !names.has(nameOf(entry)))],
    entrypoint: asked.entrypoint ?? image.entrypoint,
    command: asked.command?.length ? asked.command : byImage ? image.command : undefined,
    user: asked.user ?? image.user,
    workingDir: asked.workingDir ?? image.workingDir,
    stopSignal: asked.stopSignal ?? image.stopSignal,
    shell: asked.shell ?? image.shell,
    labels: { ...image.labels, ...asked.labels },
    healthcheck: { ...image.healthcheck, ...asked.healthcheck },
    exposedPorts: [...new Set([...(image.exposedPorts ?? []), ...(asked.exposedPorts ?? [])])],
    volumes: [...new Set([...(image.volumes ?? []), ...(asked.volumes ?? [])])],
  };
}

function network(
  { networkMode = 'bridge', networks = {}, ...asked }: ContainerSettings,
  id: string,
): ContainerSettings {
  const own = hasOwnNetworks(networkMode) ? { networks: { [networkMode]: {}, ...networks } } : { networks: undefined };
  const automatic = networkMode === 'host' || asked.utsMode === 'host' ? 'machine' : id.slice(0, 12);
  return {
    networkMode,
    ...own,
    hostname: isShared(networkMode) ? 'provider' : (asked.hostname ?? automatic),
    ...(asked.restartPolicy?.name === 'no' && { restartPolicy: undefined }),
  };
}

/** Where each comes to lie; what has no name gets one. */
function mountPoints(
  { binds = [], mounts = [], tmpfs = {}, volumes = [] }: ContainerSettings,
  id: string,
): MountPoint[] {
  const point = (target: string, source: string | undefined, readOnly: boolean): MountPoint =>
    source?.startsWith('/')
      ? { type: 'bind', source, destination: target, readOnly }
      : volumeAt(target, source ?? `${id[0]}${Buffer.from(target).toString('hex')}`.padEnd(64, '0'), readOnly);
  const said = [
    ...binds.map((bind) => point(targetOf(bind), bind.split(':')[0], bind.endsWith(':ro'))),
    ...mounts
      .filter(({ type }) => type === 'bind' || type === 'volume')
      .map(({ target, source, readOnly = false }) => point(target, source, readOnly)),
  ];
  const taken = new Set(targets({ binds, mounts, tmpfs }));
  return [...said, ...volumes.filter((path) => !taken.has(path)).map((path) => point(path, undefined, false))];
}

/** As an adapter reads it: what is empty or switched off is not set. Lists that mean something empty stay. */
export function canonical(settings: ContainerSettings): ContainerSettings {
  const kept = ['entrypoint', 'command', 'maskedPaths', 'readonlyPaths', 'init', 'stopTimeout', 'memorySwappiness'];
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => {
      if (value === undefined || kept.includes(name)) return value !== undefined;
      return typeof value === 'object' ? Object.keys(value).length > 0 : value !== false && value !== '' && value !== 0;
    }),
  );
}
