import fc from 'fast-check';
import type { ContainerSettings, MountRequest, NetworkEndpoint, SettingName } from '../../../src/runtime/settings.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/);
const path = word.map((name) => `/${name}`);
const text = fc.string({ minLength: 1, maxLength: 5 });
const yes = fc.constant(true);
const count = fc.integer({ min: 1, max: 1 << 30 });
const port = fc
  .tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom('tcp', 'udp'))
  .map(([number, of]) => `${number}/${of}`);
export const peer = fc.constantFrom(...['b', 'c'].map((letter) => letter.repeat(64)));

/** Objects of which some members are missing, and at least one is there. */
function some<T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return (fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>).filter(
    (value) => Object.keys(value).length > 0,
  );
}

function list<T>(item: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: 1, maxLength });
}

function set(item: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc.uniqueArray(item, { minLength: 1, maxLength: 3 });
}

const map = fc.dictionary(word, text, { minKeys: 1, maxKeys: 3 });

/** Names of which many meet: the image's, self's, the launcher's. */
export const entry = fc
  .tuple(fc.constantFrom('A', 'B', 'C', 'PATH', 'HOSTNAME', 'OFFSHOOT_IMAGE'), fc.constantFrom('', '1', '2', 'a=b'))
  .map(([name, value]) => `${name}=${value}`);
export const env = fc.uniqueArray(entry, { minLength: 1, maxLength: 6, selector: (one) => one.split('=')[0] });

export const labels = fc.dictionary(
  fc.constantFrom('team', 'vendor', 'traefik.enable', 'com.docker.compose.service', 'io.offshoot.key'),
  fc.constantFrom('1', '2', 'web'),
  { minKeys: 1 },
);

export const healthcheck = some({
  test: fc.constantFrom(['NONE'], ['CMD', 'a'], ['CMD-SHELL', 'b']),
  interval: fc.constantFrom(1, 2),
  timeout: fc.constantFrom(1, 2),
  startPeriod: fc.constantFrom(1, 2),
  startInterval: fc.constantFrom(1, 2),
  retries: fc.constantFrom(1, 2),
});

const target = fc.constantFrom('/a', '/b', '/c', '/d', '/e');
const mount = fc.oneof(
  fc.record<MountRequest>(
    {
      type: fc.constant('bind'),
      source: path,
      target,
      readOnly: yes,
      consistency: fc.constantFrom('cached'),
      bindOptions: some({
        propagation: fc.constant('rslave'),
        nonRecursive: yes,
        createMountpoint: yes,
        readOnlyNonRecursive: yes,
        readOnlyForceRecursive: yes,
      }),
    },
    { requiredKeys: ['type', 'source', 'target'] },
  ),
  fc.record<MountRequest>(
    {
      type: fc.constant('volume'),
      source: word,
      target,
      readOnly: yes,
      volumeOptions: some({
        noCopy: yes,
        labels: map,
        driverConfig: some({ name: word, options: map }),
        subpath: word,
      }),
    },
    { requiredKeys: ['type', 'target'] },
  ),
  fc.record<MountRequest>(
    {
      type: fc.constant('tmpfs'),
      target,
      tmpfsOptions: some({ sizeBytes: count, mode: count, options: list(list(word, 2)) }),
    },
    { requiredKeys: ['type', 'target'] },
  ),
  fc.record<MountRequest>(
    { type: fc.constant('image'), source: word, target, imageOptions: some({ subpath: word }) },
    { requiredKeys: ['type', 'source', 'target'] },
  ),
);

export const endpoint: fc.Arbitrary<NetworkEndpoint> = fc.record(
  {
    aliases: set(word),
    links: list(fc.constant('db:d')),
    driverOpts: map,
    gwPriority: count,
    ipv4Address: fc.constant('10.0.0.9'),
    ipv6Address: fc.constant('fd00::9'),
    linkLocalIPs: list(fc.constant('169.254.1.1')),
  },
  { requiredKeys: [] },
);

const rates = list(fc.record({ path, rate: count }));

/** Every setting that there is, each as an engine can say it; the compiler knows when one is missing. */
export const settingArbitraries: { readonly [K in SettingName]-?: fc.Arbitrary<NonNullable<ContainerSettings[K]>> } = {
  env,
  entrypoint: fc.array(fc.constantFrom('/app', '/bin/sh', 'x'), { maxLength: 2 }),
  command: list(fc.constantFrom('serve', '-c', 'x', '')),
  workingDir: path,
  user: fc.constantFrom('1', 'app'),
  groupAdd: list(word),
  tty: yes,
  openStdin: yes,
  stdinOnce: yes,
  stopSignal: fc.constantFrom('SIGINT', 'SIGTERM'),
  stopTimeout: fc.nat(99),
  init: fc.boolean(),
  shell: fc.constantFrom(['/bin/sh', '-c'], ['/bin/bash', '-c']),
  healthcheck,
  labels,
  annotations: map,
  binds: fc.uniqueArray(
    fc
      .tuple(fc.oneof(path, word), target, fc.constantFrom('', ':ro', ':rslave,z'))
      .map(([from, to, how]) => `${from}:${to}${how}`),
    { minLength: 1, maxLength: 2, selector: targetOf },
  ),
  mounts: fc.uniqueArray(mount, { minLength: 1, maxLength: 2, selector: ({ target: to }) => to }),
  tmpfs: fc.dictionary(target, fc.constantFrom('', 'size=1m'), { minKeys: 1, maxKeys: 2 }),
  volumesFrom: set(fc.constantFrom('donor', 'donor:ro', 'other')),
  volumes: set(fc.constantFrom('/a', '/v', '/w')),
  volumeDriver: fc.constant('local'),
  networkMode: fc.oneof(
    fc.constantFrom('bridge', 'host', 'none', 'front'),
    peer.map((id) => `container:${id}`),
  ),
  networks: fc.dictionary(fc.constantFrom('front', 'back'), endpoint, { minKeys: 1 }),
  networkDisabled: yes,
  hostname: word,
  domainname: word,
  macAddress: fc.constant('02:42:ac:11:00:09'),
  links: list(fc.constant('db:d')),
  dns: list(fc.constant('192.0.2.1')),
  dnsOptions: list(fc.constant('ndots:2')),
  dnsSearch: list(fc.constant('example.org')),
  extraHosts: list(fc.constant('peer:192.0.2.1')),
  exposedPorts: set(port),
  publishedPorts: fc.uniqueArray(
    fc.record(
      { containerPort: port, hostIp: fc.constant('127.0.0.1'), hostPort: count.map(String) },
      { requiredKeys: ['containerPort'] },
    ),
    { minLength: 1, maxLength: 3, selector: ({ containerPort }) => containerPort },
  ),
  publishAllPorts: yes,
  privileged: yes,
  capAdd: set(fc.constantFrom('NET_BIND_SERVICE', 'CAP_SYS_ADMIN', 'ALL')),
  capDrop: set(fc.constantFrom('MKNOD', 'ALL')),
  securityOpt: set(fc.constantFrom('no-new-privileges', 'seccomp=unconfined', 'label=disable', 'apparmor=mine')),
  readonlyRootfs: yes,
  maskedPaths: fc.uniqueArray(fc.constantFrom('/proc/kcore', '/secret'), { maxLength: 2 }),
  readonlyPaths: fc.uniqueArray(fc.constantFrom('/proc/sys', '/fixed'), { maxLength: 2 }),
  runtime: fc.constantFrom('runc', 'nvidia'),
  pidMode: fc.oneof(
    fc.constant('host'),
    peer.map((id) => `container:${id}`),
  ),
  ipcMode: fc.oneof(
    fc.constantFrom('host', 'private', 'shareable', 'none'),
    peer.map((id) => `container:${id}`),
  ),
  utsMode: fc.constant('host'),
  usernsMode: fc.constantFrom('host', 'keep-id'),
  cgroupnsMode: fc.constantFrom('host', 'private'),
  cgroup: peer.map((id) => `container:${id}`),
  sysctls: map,
  devices: list(fc.record({ pathOnHost: path, pathInContainer: path, cgroupPermissions: fc.constantFrom('r', 'rwm') })),
  deviceCgroupRules: list(fc.constant('c 1:3 rwm')),
  deviceRequests: list(
    some({
      driver: word,
      count: fc.constantFrom(-1, 1),
      deviceIds: list(word),
      capabilities: list(list(fc.constantFrom('gpu', 'utility'))),
      options: map,
    }),
  ),
  memory: count,
  memorySwap: fc.oneof(fc.constant(-1), count),
  memoryReservation: count,
  memorySwappiness: fc.nat(100),
  oomKillDisable: yes,
  oomScoreAdj: fc.integer({ min: -1000, max: 1000 }).filter((value) => value !== 0),
  pidsLimit: fc.oneof(fc.constant(-1), count),
  cpuShares: count,
  nanoCpus: count,
  cpuPeriod: count,
  cpuQuota: count,
  cpuRealtimePeriod: count,
  cpuRealtimeRuntime: count,
  cpusetCpus: fc.constantFrom('0', '0-1'),
  cpusetMems: fc.constant('0'),
  cgroupParent: path,
  blkioWeight: fc.integer({ min: 10, max: 1000 }),
  blkioWeightDevice: list(fc.record({ path, weight: count })),
  blkioDeviceReadBps: rates,
  blkioDeviceWriteBps: rates,
  blkioDeviceReadIOps: rates,
  blkioDeviceWriteIOps: rates,
  ulimits: list(fc.record({ name: fc.constantFrom('nofile', 'core'), soft: count, hard: count })),
  shmSize: count,
  storageOpt: map,
  logConfig: fc.record({ type: fc.constantFrom('json-file', 'none'), config: map }, { requiredKeys: ['type'] }),
  restartPolicy: fc.oneof(
    fc.constantFrom({ name: 'always' }, { name: 'unless-stopped' }),
    count.map((maximumRetryCount) => ({ name: 'on-failure', maximumRetryCount })),
  ),
  autoRemove: yes,
};

/** Any of them, in any company: what an adapter has to read and write. */
export const anySettings = fc.record(settingArbitraries, { requiredKeys: [] }) as fc.Arbitrary<ContainerSettings>;

/** One value of each. */
export const everySetting: ContainerSettings =
  fc.sample(fc.record(settingArbitraries), { numRuns: 1, seed: 1 })[0] ?? {};

export function targetOf(bind: string): string {
  return bind.split(':')[1] ?? '';
}
