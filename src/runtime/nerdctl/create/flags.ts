import { fieldOf } from '../../fields.ts';
import type { ContainerSettings, DeviceRate, SettingName } from '../../settings.ts';
import { bindFlags, mountFlags, tmpfsFlags } from './mount-flags.ts';
import { networkFlags, portFlags } from './network-flags.ts';
import { gpuFlags, healthFlags, labelFlags } from './other-flags.ts';
import { notSupported, quoted } from '../command/words.ts';

/** What nerdctl here can do, by the version of containerd. */
export interface Abilities {
  /** Others than `always`: containerd 1.6 has no more. */
  readonly restartPolicies: boolean;
}

type Words = readonly string[];
type Flags<T> = (value: T, settings: ContainerSettings, abilities: Abilities) => Words;
type Table = { readonly [K in SettingName]-?: Flags<NonNullable<ContainerSettings[K]>> };

/** The flags of `nerdctl create` for each setting. @throws NotSupportedError for one that it cannot give */
export function createFlags(settings: ContainerSettings, abilities: Abilities): Words {
  return Object.entries(table).flatMap(([name, flags]) => {
    const value = settings[name as SettingName];
    return value === undefined ? [] : (flags as Flags<unknown>)(value, settings, abilities);
  });
}

function refused(setting: SettingName, what?: string): () => never {
  return () => {
    const name = fieldOf.get(setting) ?? setting;
    throw notSupported(what === undefined ? `setting for ${name}` : `${what} (${name})`);
  };
}

function one(flag: string): Flags<string | number> {
  return (value) => [flag, String(value)];
}

function each(flag: string): Flags<Words> {
  return (values) => values.flatMap((value) => [flag, value]);
}

function eachQuoted(flag: string): Flags<Words> {
  return (values) => values.flatMap((value) => [flag, quoted(value)]);
}

function pairs(flag: string): Flags<Readonly<Record<string, string>>> {
  return (map) => Object.entries(map).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}

function on(flag: string): Flags<boolean> {
  return (value) => (value ? [flag] : []);
}

/** The words of `host`, `container:…` and the like; `private` and nothing are what it does anyway. */
function mode(flag: string): Flags<string> {
  return (value) => (value === '' || value === 'private' ? [] : [flag, value]);
}

function rates(flag: string): Flags<readonly DeviceRate[]> {
  return (list) => list.flatMap(({ path, rate }) => [flag, `${path}:${rate}`]);
}

const none = (): Words => [];

const table: Table = {
  // In a file, see env-file.ts; the command stands at the end.
  env: none,
  command: none,
  entrypoint: (words) => (words.length === 0 ? ['--entrypoint', ''] : words.flatMap((word) => ['--entrypoint', word])),
  workingDir: one('--workdir'),
  user: one('--user'),
  groupAdd: eachQuoted('--group-add'),
  tty: on('--tty'),
  openStdin: (value) => (value ? refused('openStdin', 'standard input that stays open with nobody attached')() : []),
  stdinOnce: none,
  stopSignal: one('--stop-signal'),
  stopTimeout: one('--stop-timeout'),
  init: on('--init'),
  shell: refused('shell'),
  healthcheck: healthFlags,
  labels: labelFlags,
  annotations: pairs('--annotation'),

  binds: bindFlags,
  mounts: mountFlags,
  tmpfs: tmpfsFlags,
  volumesFrom: each('--volumes-from'),
  volumes: each('--volume'),
  volumeDriver: (driver) => (driver === 'local' ? [] : refused('volumeDriver')()),

  networkMode: networkFlags,
  networks: (value, settings) =>
    settings.networkMode === undefined ? networkFlags('default', { ...settings, networks: value }) : [],
  networkDisabled: (value) => (value ? refused('networkDisabled')() : []),
  hostname: one('--hostname'),
  domainname: one('--domainname'),
  macAddress: one('--mac-address'),
  links: refused('links', 'links between containers'),
  dns: eachQuoted('--dns'),
  dnsOptions: eachQuoted('--dns-option'),
  dnsSearch: eachQuoted('--dns-search'),
  extraHosts: eachQuoted('--add-host'),
  // Documentation of the image; nothing acts on it without publishing all of them.
  exposedPorts: none,
  publishedPorts: portFlags,
  publishAllPorts: (value) => (value ? refused('publishAllPorts', 'publishing of all ports')() : []),

  privileged: on('--privileged'),
  capAdd: eachQuoted('--cap-add'),
  capDrop: eachQuoted('--cap-drop'),
  securityOpt: (options) => options.flatMap((option) => ['--security-opt', securityOption(option)]),
  readonlyRootfs: on('--read-only'),
  maskedPaths: pathsFlags,
  readonlyPaths: (paths, settings) => (settings.maskedPaths === undefined ? pathsFlags(paths, settings) : []),
  runtime: one('--runtime'),

  pidMode: mode('--pid'),
  ipcMode: mode('--ipc'),
  utsMode: mode('--uts'),
  usernsMode: mode('--userns'),
  cgroupnsMode: (value) => (value === '' ? [] : ['--cgroupns', value]),
  cgroup: refused('cgroup', "another container's control group"),
  sysctls: pairs('--sysctl'),

  devices: (list) =>
    list.flatMap(({ pathOnHost, pathInContainer, cgroupPermissions = 'rwm' }) => [
      '--device',
      quoted(`${pathOnHost}:${pathInContainer}:${cgroupPermissions}`),
    ]),
  deviceCgroupRules: refused('deviceCgroupRules'),
  deviceRequests: gpuFlags,

  memory: one('--memory'),
  memorySwap: one('--memory-swap'),
  memoryReservation: one('--memory-reservation'),
  memorySwappiness: one('--memory-swappiness'),
  oomKillDisable: on('--oom-kill-disable'),
  oomScoreAdj: one('--oom-score-adj'),
  pidsLimit: one('--pids-limit'),
  cpuShares: one('--cpu-shares'),
  nanoCpus: (value) => ['--cpus', String(value / 1e9)],
  cpuPeriod: one('--cpu-period'),
  cpuQuota: one('--cpu-quota'),
  cpuRealtimePeriod: one('--cpu-rt-period'),
  cpuRealtimeRuntime: one('--cpu-rt-runtime'),
  cpusetCpus: one('--cpuset-cpus'),
  cpusetMems: one('--cpuset-mems'),
  cgroupParent: one('--cgroup-parent'),
  blkioWeight: one('--blkio-weight'),
  blkioWeightDevice: (list) => list.flatMap(({ path, weight }) => ['--blkio-weight-device', `${path}:${weight}`]),
  blkioDeviceReadBps: rates('--device-read-bps'),
  blkioDeviceWriteBps: rates('--device-write-bps'),
  blkioDeviceReadIOps: rates('--device-read-iops'),
  blkioDeviceWriteIOps: rates('--device-write-iops'),
  ulimits: (list) => list.flatMap(({ name, soft, hard }) => ['--ulimit', `${name}=${soft}:${hard}`]),
  shmSize: one('--shm-size'),
  storageOpt: refused('storageOpt'),

  logConfig: ({ type, config = {} }) => [
    ...['--log-driver', type],
    ...Object.entries(config).flatMap(([name, value]) => ['--log-opt', `${name}=${value}`]),
  ],
  restartPolicy: ({ name, maximumRetryCount }, _, { restartPolicies }) => {
    if (name === 'no') return [];
    if (name !== 'always' && !restartPolicies)
      throw notSupported(
        `restart policy ${name} with this containerd`,
        'containerd 1.7 and newer have it; `always` works.',
      );
    return ['--restart', maximumRetryCount ? `${name}:${maximumRetryCount}` : name];
  },
  autoRemove: (value) => {
    if (!value) return [];
    throw notSupported(
      'removal of a container that ends by itself (HostConfig.AutoRemove)',
      'Its --rm works only with a client that stays; with OFFSHOOT_ATTACH=true offshoot stays and removes it.',
    );
  },
};

/** Docker takes `no-new-privileges:true` and a colon elsewhere. */
function securityOption(option: string): string {
  const [name = '', value] = option.split(/[=:](.*)/s);
  if (name === 'no-new-privileges') return value === undefined || value === 'true' ? name : `${name}=${value}`;
  if (!['seccomp', 'apparmor', 'systempaths', 'privileged-without-host-devices', 'writable-cgroups'].includes(name))
    throw notSupported(`security option ${name}`);
  return value === undefined ? name : `${name}=${value}`;
}

/** All or none: a list of one's own cannot be given. */
function pathsFlags(paths: Words, settings: ContainerSettings): Words {
  const lists = [settings.maskedPaths ?? [], settings.readonlyPaths ?? [], paths];
  if (lists.some((list) => list.length > 0))
    throw notSupported(
      "list of masked or read-only paths of one's own (HostConfig.MaskedPaths, HostConfig.ReadonlyPaths)",
    );
  return settings.privileged ? [] : ['--security-opt', 'systempaths=unconfined'];
}
