import * as z from 'zod';
import type {
  ContainerSettings,
  DeviceMapping,
  DeviceRate,
  DeviceRequest,
  DeviceWeight,
  Healthcheck,
  LogConfig,
  MountRequest,
  NetworkEndpoint,
  PublishedPort,
  RestartPolicy,
  SettingName,
  Ulimit,
} from '../settings.ts';
import {
  type Codec,
  flag,
  keptFlag,
  keptNumber,
  keptStrings,
  listOf,
  map,
  mapped,
  number,
  stringLists,
  strings,
  struct,
  text,
} from './codecs.ts';

const healthcheck = struct<Healthcheck>({
  test: ['Test', strings],
  interval: ['Interval', number],
  timeout: ['Timeout', number],
  startPeriod: ['StartPeriod', number],
  startInterval: ['StartInterval', number],
  retries: ['Retries', number],
});

const mount = struct<MountRequest>({
  type: ['Type', text],
  source: ['Source', text],
  target: ['Target', text],
  readOnly: ['ReadOnly', flag],
  consistency: ['Consistency', text],
  bindOptions: [
    'BindOptions',
    struct<NonNullable<MountRequest['bindOptions']>>({
      propagation: ['Propagation', text],
      nonRecursive: ['NonRecursive', flag],
      createMountpoint: ['CreateMountpoint', flag],
      readOnlyNonRecursive: ['ReadOnlyNonRecursive', flag],
      readOnlyForceRecursive: ['ReadOnlyForceRecursive', flag],
    }),
  ],
  volumeOptions: [
    'VolumeOptions',
    struct<NonNullable<MountRequest['volumeOptions']>>({
      noCopy: ['NoCopy', flag],
      labels: ['Labels', map],
      driverConfig: [
        'DriverConfig',
        struct<NonNullable<NonNullable<MountRequest['volumeOptions']>['driverConfig']>>({
          name: ['Name', text],
          options: ['Options', map],
        }),
      ],
      subpath: ['Subpath', text],
    }),
  ],
  imageOptions: ['ImageOptions', struct<NonNullable<MountRequest['imageOptions']>>({ subpath: ['Subpath', text] })],
  tmpfsOptions: [
    'TmpfsOptions',
    struct<NonNullable<MountRequest['tmpfsOptions']>>({
      sizeBytes: ['SizeBytes', number],
      mode: ['Mode', number],
      options: ['Options', stringLists],
    }),
  ],
});

interface Addresses {
  readonly ipv4?: string | undefined;
  readonly ipv6?: string | undefined;
  readonly linkLocal?: readonly string[] | undefined;
}

type Endpoint = Omit<NetworkEndpoint, 'ipv4Address' | 'ipv6Address' | 'linkLocalIPs'> & {
  readonly ipam?: Addresses | undefined;
};

/** What of an endpoint somebody has asked for; the engine says much more of it. */
export const endpoint: Codec<NetworkEndpoint> = mapped(
  struct<Endpoint>({
    aliases: ['Aliases', strings],
    links: ['Links', strings],
    driverOpts: ['DriverOpts', map],
    gwPriority: ['GwPriority', number],
    ipam: [
      'IPAMConfig',
      struct<Addresses>({
        ipv4: ['IPv4Address', text],
        ipv6: ['IPv6Address', text],
        linkLocal: ['LinkLocalIPs', strings],
      }),
    ],
  }),
  ({ ipam, ...rest }): NetworkEndpoint => ({
    ...rest,
    ...(ipam?.ipv4 !== undefined && { ipv4Address: ipam.ipv4 }),
    ...(ipam?.ipv6 !== undefined && { ipv6Address: ipam.ipv6 }),
    ...(ipam?.linkLocal !== undefined && { linkLocalIPs: ipam.linkLocal }),
  }),
  ({ ipv4Address: ipv4, ipv6Address: ipv6, linkLocalIPs: linkLocal, ...rest }) => ({
    ...rest,
    ipam: (ipv4 ?? ipv6 ?? linkLocal) ? { ipv4, ipv6, linkLocal } : undefined,
  }),
);

const portBinding = z.strictObject({ HostIp: z.string().optional(), HostPort: z.string().optional() });
const portBindings = z.record(z.string(), z.array(portBinding).nullable());

const publishedPorts: Codec<readonly PublishedPort[]> = {
  schema: portBindings,
  read(said) {
    const bindings = Object.entries(portBindings.nullish().parse(said) ?? {}).flatMap(([containerPort, list]) =>
      // One without any binding has got a free port of the host.
      (list?.length ? list : [{}]).map(({ HostIp, HostPort }: z.output<typeof portBinding>) => ({
        containerPort,
        ...(HostIp && { hostIp: HostIp }),
        ...(HostPort && { hostPort: HostPort }),
      })),
    );
    return bindings.length === 0 ? undefined : bindings;
  },
  write: (list) =>
    Object.fromEntries(
      [...Map.groupBy(list, ({ containerPort }) => containerPort)].map(([port, bindings]) => [
        port,
        bindings.map(({ hostIp = '', hostPort = '' }) => ({ HostIp: hostIp, HostPort: hostPort })),
      ]),
    ),
};

/** A set, which the API has as an object with empty members. */
const emptyMembers = z.record(z.string(), z.strictObject({}));
const nameSet: Codec<readonly string[]> = {
  schema: emptyMembers,
  read(said) {
    const names = Object.keys(emptyMembers.nullish().parse(said) ?? {});
    return names.length === 0 ? undefined : names;
  },
  write: (names) => Object.fromEntries(names.map((name) => [name, {}])),
};

const rates = listOf(struct<DeviceRate>({ path: ['Path', text], rate: ['Rate', keptNumber] }));

/** The lists of engines: what all have had, and what some have had beside it. */
const masked = {
  always: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
  also: new RegExp(
    '^/(?:proc/(?:acpi|asound|interrupts|latency_stats|sched_debug|scsi|timer_stats)' +
      '|sys/devices/(?:virtual/powercap|system/cpu/cpu\\d+/thermal_throttle))$',
  ),
};
const readonly = {
  always: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys'],
  also: /^\/proc\/(?:asound|sysrq-trigger)$/,
};

/** An engine writes its own list where nobody gave one; given back, it would bind a container with more privileges. */
function unlessEngines({ always, also }: typeof masked): Codec<readonly string[]> {
  const isOwn = (list: readonly string[]): boolean =>
    always.every((path) => list.includes(path)) && list.every((path) => always.includes(path) || also.test(path));
  return mapped(
    keptStrings,
    (list) => (isOwn(list) ? undefined : list),
    (list) => list,
  );
}

/** How each setting is said in Docker's API. */
export const codecs: {
  readonly [K in Exclude<SettingName, 'networks'>]-?: Codec<NonNullable<ContainerSettings[K]>>;
} = {
  env: strings,
  // As a cleared one is said and asked for; an empty list is not heard by Podman.
  entrypoint: mapped(
    keptStrings,
    (words) => (words.length === 1 && words[0] === '' ? [] : words),
    (words) => (words.length === 0 ? [''] : words),
  ),
  command: keptStrings,
  workingDir: text,
  user: text,
  groupAdd: strings,
  tty: flag,
  openStdin: flag,
  stdinOnce: flag,
  stopSignal: text,
  stopTimeout: keptNumber,
  init: keptFlag,
  shell: strings,
  healthcheck,
  labels: map,
  annotations: map,
  binds: strings,
  mounts: listOf(mount),
  tmpfs: map,
  volumes: nameSet,
  volumesFrom: strings,
  volumeDriver: text,
  networkMode: text,
  networkDisabled: flag,
  hostname: text,
  domainname: text,
  macAddress: text,
  links: mapped(
    strings,
    // As the engine says it: `/child:/parent/alias`.
    (list) => list.map((link) => link.replace(/^\/?([^:]+):(?:.*\/)?([^/]+)$/, '$1:$2')),
    (list) => list,
  ),
  dns: strings,
  dnsOptions: strings,
  dnsSearch: strings,
  extraHosts: strings,
  exposedPorts: nameSet,
  publishedPorts,
  publishAllPorts: flag,
  privileged: flag,
  capAdd: strings,
  capDrop: strings,
  securityOpt: strings,
  readonlyRootfs: flag,
  maskedPaths: unlessEngines(masked),
  readonlyPaths: unlessEngines(readonly),
  runtime: text,
  pidMode: text,
  ipcMode: text,
  utsMode: text,
  usernsMode: text,
  cgroupnsMode: text,
  cgroup: text,
  sysctls: map,
  devices: mapped(
    listOf(
      struct<DeviceMapping>({
        pathOnHost: ['PathOnHost', text],
        pathInContainer: ['PathInContainer', text],
        cgroupPermissions: ['CgroupPermissions', text],
      }),
    ),
    (devices) => devices,
    // Podman says none where all are meant, and does not take that.
    (devices) => devices.map((device) => ({ ...device, cgroupPermissions: device.cgroupPermissions ?? 'rwm' })),
  ),
  deviceCgroupRules: strings,
  deviceRequests: listOf(
    struct<DeviceRequest>({
      driver: ['Driver', text],
      count: ['Count', number],
      deviceIds: ['DeviceIDs', strings],
      capabilities: ['Capabilities', stringLists],
      options: ['Options', map],
    }),
  ),
  memory: number,
  memorySwap: number,
  memoryReservation: number,
  // -1 is what an older engine says for none.
  memorySwappiness: mapped(
    keptNumber,
    (value) => (value === -1 ? undefined : value),
    (value) => value,
  ),
  oomKillDisable: flag,
  oomScoreAdj: number,
  pidsLimit: number,
  cpuShares: number,
  nanoCpus: number,
  cpuPeriod: number,
  cpuQuota: number,
  cpuRealtimePeriod: number,
  cpuRealtimeRuntime: number,
  cpusetCpus: text,
  cpusetMems: text,
  cgroupParent: text,
  blkioWeight: number,
  blkioWeightDevice: listOf(struct<DeviceWeight>({ path: ['Path', text], weight: ['Weight', keptNumber] })),
  blkioDeviceReadBps: rates,
  blkioDeviceWriteBps: rates,
  blkioDeviceReadIOps: rates,
  blkioDeviceWriteIOps: rates,
  ulimits: listOf(struct<Ulimit>({ name: ['Name', text], soft: ['Soft', keptNumber], hard: ['Hard', keptNumber] })),
  shmSize: number,
  storageOpt: map,
  logConfig: struct<LogConfig>({ type: ['Type', text], config: ['Config', map] }),
  restartPolicy: mapped(
    struct<RestartPolicy>({ name: ['Name', text], maximumRetryCount: ['MaximumRetryCount', number] }),
    (policy) => (policy.name === 'no' ? undefined : policy),
    (policy) => policy,
  ),
  autoRemove: flag,
};
