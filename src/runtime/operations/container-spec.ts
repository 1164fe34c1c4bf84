import * as is from '../checks.ts';
import type { Check } from '../checks.ts';
import type { ContainerSpec } from '../container.ts';
import type { Healthcheck, MountRequest, NetworkEndpoint } from '../settings.ts';

type Checks<T> = Readonly<Record<keyof T, Check>>;

const text = is.optional(is.anyText);
const texts = is.optional(is.list(is.anyText));
const flag = is.optional(is.boolean);
const number = is.optional(is.wholeNumber);
const map = is.optional(is.map);
const listOf = (members: Readonly<Record<string, Check>>): Check => is.optional(is.list(is.object(members)));
const some = (members: Readonly<Record<string, Check>>): Check => is.optional(is.object(members));

const healthcheck: Checks<Healthcheck> = {
  test: texts,
  interval: number,
  timeout: number,
  startPeriod: number,
  startInterval: number,
  retries: number,
};

const mount: Checks<MountRequest> = {
  type: is.notEmpty,
  source: text,
  target: is.notEmpty,
  readOnly: flag,
  consistency: text,
  bindOptions: some({
    propagation: text,
    nonRecursive: flag,
    createMountpoint: flag,
    readOnlyNonRecursive: flag,
    readOnlyForceRecursive: flag,
  }),
  volumeOptions: some({ noCopy: flag, labels: map, driverConfig: some({ name: text, options: map }), subpath: text }),
  imageOptions: some({ subpath: text }),
  tmpfsOptions: some({ sizeBytes: number, mode: number, options: is.optional(is.list(is.list(is.anyText))) }),
};

const endpointMembers: Checks<NetworkEndpoint> = {
  aliases: texts,
  links: texts,
  driverOpts: map,
  gwPriority: number,
  ipv4Address: is.optional(is.address),
  ipv6Address: is.optional(is.address),
  linkLocalIPs: texts,
};
export const endpoint: Check = is.object(endpointMembers);

const rates = listOf({ path: is.notEmpty, rate: is.wholeNumber });

/** What of each member can be known without its engine; what it means is the engine's to judge. */
export const containerSpec: Checks<ContainerSpec> = {
  name: is.name,
  image: is.image,
  platform: text,
  override: is.optional(is.object({}, { open: true })),
  env: is.optional(is.list(is.variableOrName)),
  entrypoint: texts,
  command: texts,
  workingDir: text,
  user: text,
  groupAdd: texts,
  tty: flag,
  openStdin: flag,
  stdinOnce: flag,
  stopSignal: text,
  stopTimeout: number,
  init: flag,
  shell: texts,
  healthcheck: some(healthcheck),
  labels: map,
  annotations: map,
  binds: texts,
  mounts: listOf(mount),
  tmpfs: map,
  volumesFrom: texts,
  volumes: texts,
  volumeDriver: text,
  networkMode: text,
  networks: is.optional(is.record(endpoint)),
  networkDisabled: flag,
  hostname: text,
  domainname: text,
  macAddress: text,
  links: texts,
  dns: texts,
  dnsOptions: texts,
  dnsSearch: texts,
  extraHosts: texts,
  exposedPorts: texts,
  publishedPorts: listOf({ containerPort: is.notEmpty, hostIp: text, hostPort: text }),
  publishAllPorts: flag,
  privileged: flag,
  capAdd: texts,
  capDrop: texts,
  securityOpt: texts,
  readonlyRootfs: flag,
  maskedPaths: texts,
  readonlyPaths: texts,
  runtime: text,
  pidMode: text,
  ipcMode: text,
  utsMode: text,
  usernsMode: text,
  cgroupnsMode: text,
  cgroup: text,
  sysctls: map,
  devices: listOf({ pathOnHost: is.anyText, pathInContainer: is.anyText, cgroupPermissions: text }),
  deviceCgroupRules: texts,
  deviceRequests: listOf({
    driver: text,
    count: number,
    deviceIds: texts,
    capabilities: is.optional(is.list(is.list(is.anyText))),
    options: map,
  }),
  memory: number,
  memorySwap: number,
  memoryReservation: number,
  memorySwappiness: number,
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
  blkioWeightDevice: listOf({ path: is.notEmpty, weight: is.wholeNumber }),
  blkioDeviceReadBps: rates,
  blkioDeviceWriteBps: rates,
  blkioDeviceReadIOps: rates,
  blkioDeviceWriteIOps: rates,
  ulimits: listOf({ name: is.notEmpty, soft: is.wholeNumber, hard: is.wholeNumber }),
  shmSize: number,
  storageOpt: map,
  logConfig: some({ type: is.anyText, config: map }),
  restartPolicy: some({ name: is.anyText, maximumRetryCount: number }),
  autoRemove: flag,
};
