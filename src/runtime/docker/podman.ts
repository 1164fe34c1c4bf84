import type { Json } from './merge-patch.ts';

/**
 * Podman speaks Docker's API and says some things otherwise. Here its words become Docker's, so that nothing else has
 * to know.
 */
export function containerOfPodman(answer: unknown): unknown {
  const inspected = answer as { HostConfig?: Json | null; NetworkSettings?: { Networks?: Json | null } | null };
  if (typeof answer !== 'object' || answer === null) return answer;
  const networks = inspected.NetworkSettings?.Networks ?? {};
  const host = inspected.HostConfig ?? {};
  return {
    ...answer,
    HostConfig: { ...host, ...limitsOf(host), ...modesOf(host, networks) },
    NetworkSettings: { ...inspected.NetworkSettings, Networks: networksOf(host, networks) },
  };
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

function modesOf({ NetworkMode, PidMode, UTSMode, Runtime }: Json, networks: Json): Json {
  const [first] = Object.keys(networks);
  const isDefault = NetworkMode !== 'bridge' || first === undefined || defaultNetwork in networks;
  const ownUnlessAsked = (mode: unknown): unknown => (mode === 'private' ? '' : mode);
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

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What Podman gives to each container counts as its image's: another image's containers get it as well, or have
 * something better.
 */
export function imageOfPodman(answer: unknown): unknown {
  const { Config } = (answer ?? {}) as { Config?: Json | null };
  if (!Config) return answer;
  const env = Array.isArray(Config['Env']) ? (Config['Env'] as string[]) : [];
  return {
    ...(answer as Json),
    Config: {
      ...Config,
      Env: [
        ...(env.some((entry) => entry.startsWith('PATH=')) ? [] : [defaultPath]),
        ...['TERM=xterm', 'container=podman', 'container=oci', 'HOME=/root', 'HOME=/'],
        ...env,
      ],
      WorkingDir: Config['WorkingDir'] || '/',
      StopSignal: signalNumber(Config['StopSignal']),
    },
  };
}

/** Of a container the number is said, of an image what its author wrote. */
function signalNumber(signal: unknown): unknown {
  if (!signal) return '15';
  const number = signalNumbers[String(signal).replace(/^SIG/, '')];
  return number === undefined ? signal : String(number);
}

const signalNumbers: Readonly<Record<string, number>> = {
  ...{ HUP: 1, INT: 2, QUIT: 3, ABRT: 6, KILL: 9, USR1: 10, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15, WINCH: 28 },
  ...{ PWR: 30, 'RTMIN+3': 37 },
};
