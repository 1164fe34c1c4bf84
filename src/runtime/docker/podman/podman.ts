import * as z from 'zod';
import type { Json } from '../create/merge-patch.ts';
import { read } from '../wire/read.ts';

const texts = z.array(z.string()).nullish();
const objects = z.array(z.record(z.string(), z.unknown())).nullish();

/** What is looked into here, and must be what it looks like. */
const schema = z.looseObject({
  Config: z.looseObject({ Env: texts }).nullish(),
  HostConfig: z.looseObject({ Binds: texts, Ulimits: objects, Devices: objects }).nullish(),
  NetworkSettings: z.looseObject({ Networks: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

/**
 * Podman speaks Docker's API and says some things otherwise. Here its words become Docker's, so that nothing else has
 * to know.
 */
export function containerOfPodman(answer: unknown): unknown {
  const inspected = read('container', () => schema.parse(answer));
  const networks = inspected.NetworkSettings?.Networks ?? {};
  const host = inspected.HostConfig ?? {};
  return {
    ...inspected,
    Config: { ...inspected.Config, Env: ownEnv(inspected.Config ?? {}), Volumes: anonymousOf(host) },
    HostConfig: { ...host, Binds: bindsOf(host), ...limitsOf(host), ...modesOf(host, networks) },
    NetworkSettings: { ...inspected.NetworkSettings, Networks: networksOf(host, networks) },
  };
}

/** In any order, and the host name is added to what was asked for. */
function ownEnv({ Env, Hostname }: Json): unknown {
  if (!Array.isArray(Env)) return Env;
  return (Env as string[]).filter((entry) => entry !== `HOSTNAME=${Hostname as string}`).toSorted();
}

/** What is added to the options of every bind, and of a volume. */
const added = /,rprivate,(?:nosuid,nodev,)?rbind$/;

/** `/etc:/e:ro,rprivate,rbind`: what was asked for, and what that means. */
function bindsOf({ Binds }: Json): unknown {
  if (!Array.isArray(Binds)) return Binds;
  return (Binds as string[])
    .filter((bind) => !anonymous.test(bind))
    .map((bind) => bind.replace(added, '').replace(/:rw$/, ''));
}

/** A volume that nobody named, which is said like one that somebody did. */
const anonymous = /^[0-9a-f]{64}:/;

function anonymousOf({ Binds }: Json): Json {
  const binds = Array.isArray(Binds) ? (Binds as string[]) : [];
  return Object.fromEntries(binds.filter((bind) => anonymous.test(bind)).map((bind) => [bind.split(':')[1] ?? '', {}]));
}

function limitsOf({ CpuPeriod, CpuQuota, NanoCpus, MemorySwappiness, PidsLimit, Ulimits, Devices }: Json): Json {
  return {
    // All three are said, and only one way is taken.
    NanoCpus: CpuPeriod !== 0 && CpuQuota !== 0 ? 0 : NanoCpus,
    // 0 is said where nobody has asked, and cannot be set with cgroup v2.
    MemorySwappiness: MemorySwappiness === 0 ? null : MemorySwappiness,
    // No limit; without it a new container gets one.
    PidsLimit: PidsLimit === 0 ? -1 : PidsLimit,
    Ulimits: lists(Ulimits).map((limit) => ({ ...limit, Name: ulimitName(limit['Name']) })),
    Devices: lists(Devices).map((device) => ({ ...device, CgroupPermissions: device['CgroupPermissions'] || 'rwm' })),
  };
}

function lists(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** `RLIMIT_NOFILE` */
function ulimitName(name: unknown): unknown {
  return typeof name === 'string' ? name.replace(/^RLIMIT_/, '').toLowerCase() : name;
}

/** Every network is of the mode `bridge`; that of the default one is called podman. */
const defaultNetwork = 'podman';

const ownUnlessAsked = (mode: unknown): unknown => (mode === 'private' ? '' : mode);

function modesOf({ NetworkMode, PidMode, UTSMode, Runtime }: Json, networks: Json): Json {
  const [first] = Object.keys(networks);
  const isDefault = NetworkMode !== 'bridge' || first === undefined || defaultNetwork in networks;
  return {
    NetworkMode: isDefault ? NetworkMode : first,
    PidMode: ownUnlessAsked(PidMode),
    UTSMode: ownUnlessAsked(UTSMode),
    Runtime: Runtime === 'oci' ? '' : Runtime,
  };
}

function networksOf({ NetworkMode }: Json, networks: Json): Json {
  if (NetworkMode !== 'bridge') return networks;
  return Object.fromEntries(
    Object.entries(networks).map(([name, endpoint]) => [name === defaultNetwork ? 'bridge' : name, endpoint]),
  );
}
