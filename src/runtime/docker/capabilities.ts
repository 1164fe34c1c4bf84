import * as z from 'zod';
import type { Capabilities, Capability, CapabilityState, RuntimeVersion } from '../runtime.ts';
import { askJson } from './wire/ask.ts';
import type { Connection } from './connect/connect.ts';
import { lacks } from './emulated/lacks.ts';
import { read, text } from './wire/read.ts';
import { isOlder } from './connect/version.ts';

const versionAnswer = z.object({ Version: z.string(), ApiVersion: z.string(), Os: text, Arch: text });

export async function readVersion(connection: Connection, signal: AbortSignal): Promise<RuntimeVersion> {
  const answer = await askJson(
    connection.api,
    { method: 'GET', path: '/version', signal },
    { what: 'tell its version' },
  );
  const { Version, Os = 'linux', Arch = 'unknown' } = read('version', () => versionAnswer.parse(answer));
  return {
    engine: connection.libpod === undefined ? 'Docker Engine' : 'Podman',
    version: Version,
    apiVersion: connection.apiVersion,
    platform: `${Os}/${Arch}`,
  };
}

const info = z.object({
  Driver: z.string().default(''),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  MemoryLimit: z.boolean().default(false),
  SwapLimit: z.boolean().default(false),
  CpuCfsQuota: z.boolean().default(false),
  PidsLimit: z.boolean().default(false),
  SecurityOptions: z.array(z.string()).nullish(),
  ExperimentalBuild: z.boolean().default(false),
});
type Info = z.infer<typeof info>;

const yes: CapabilityState = { supported: true };
const no = (reason: string): CapabilityState => ({ supported: false, reason });
const when = (supported: boolean, reason: string): CapabilityState => (supported ? yes : no(reason));

/** @throws EngineRefusedError where a proxy before the engine does not let us ask for `/info` */
export async function capabilitiesOf(
  connection: Connection,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Capabilities> {
  const { api, apiVersion, libpod } = connection;
  const answer = await askJson(api, { method: 'GET', path: '/info', signal }, { what: 'tell what it can do' });
  const said = read('itself', () => info.parse(answer));
  const isPodman = libpod !== undefined;
  const [{ pluginProgram }, { buildkit }] = await Promise.all([
    import('./plugins/plugins.ts'),
    import('./images/buildkit.ts'),
  ]);
  const [compose, kit] = await Promise.all([pluginProgram('docker-compose', env), buildkit(connection, env, signal)]);
  return {
    ...always,
    memoryLimit: when(said.MemoryLimit, 'the kernel of the engine has no memory controller'),
    swapLimit: when(said.SwapLimit, 'the kernel of the engine does not account for swap'),
    cpuLimit: when(said.CpuCfsQuota, 'the kernel of the engine has no CPU quotas'),
    pidsLimit: when(said.PidsLimit, 'the kernel of the engine has no limit of processes'),
    storageLimit: storageLimit(said),
    volumeSubpath: when(!isOlder(apiVersion, '1.45'), `it needs API 1.45 or newer; this engine speaks ${apiVersion}`),
    containerHealth: await health(libpod, signal),
    build: isPodman ? { supported: true, emulated: 'by Podman’s own builder, Buildah' } : yes,
    buildkit: kit.reason === undefined ? yes : no(kit.reason),
    compose: compose === undefined ? no('there is no compose plugin of the docker command line here') : yes,
    rootless: when(
      (said.SecurityOptions ?? []).some((option) => option.includes('rootless')),
      'this engine runs as root',
    ),
  };
}

async function health(libpod: Connection['libpod'], signal: AbortSignal): Promise<CapabilityState> {
  if (libpod === undefined) return yes;
  const { hasTimers } = await import('./containers/podman-health.ts');
  if (await hasTimers(libpod, signal)) return yes;
  return {
    supported: true,
    emulated: 'no systemd runs the checks of this Podman by its timers: each call of health runs the check once',
  };
}

function storageLimit({ Driver, DriverStatus }: Info): CapabilityState {
  const backing = (DriverStatus ?? []).find(([name]) => name === 'Backing Filesystem')?.[1] ?? '';
  if (/^(btrfs|zfs|windowsfilter)$/.test(Driver)) return yes;
  if (Driver === 'overlay2' && backing === 'xfs') return yes;
  return no(`the storage driver ${Driver || 'of this engine'}${backing && ` on ${backing}`} has no quotas`);
}

const emulated = (how: string): CapabilityState => ({ supported: true, emulated: how });

const always = {
  pause: yes,
  rename: yes,
  writeStdin: yes,
  stats: yes,
  copy: yes,
  hostPaths: yes,
  exec: yes,
  execTty: yes,
  imageDetails: yes,
  pullProgress: yes,
  commit: yes,
  imageArchive: yes,
  imageGarbageCollection: yes,
  networks: yes,
  networkConnect: yes,
  networkAliases: yes,
  staticIp: yes,
  volumes: yes,
  events: yes,
  eventsSince: yes,
  tasks: emulated('the state of each container; one that was never started has a task, too, which is created'),
  taskDelete: no(lacks.taskDelete),
  snapshots: emulated(
    'a writable one is a container that never runs, a committed one an image offshoot-snapshot:NAME; only these are listed',
  ),
  snapshotMount: no(lacks.snapshotMount),
  containerFromSnapshot: emulated('from the image; what is not committed yet becomes one without a name'),
  cni: no(lacks.cni),
  autoStart: no('the service manager starts it'),
  checkpoint: no('it is experimental, and restoring is broken'),
} as const satisfies Partial<Record<Capability, CapabilityState>>;
