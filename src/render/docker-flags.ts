import {
  anyNumber,
  list,
  map,
  number,
  on,
  onOff,
  processors,
  type Refuses,
  type Rule,
  set,
  size,
  text,
  words,
} from './docker-rules.ts';
import { device, logging, publish, rated, restart, tmpfs, ulimit } from './docker-values.ts';

/** docker's command line takes only these; an engine asks the kernel. */
const sysctl: Refuses = (name) =>
  /^(?:kernel\.(?:msg(?:max|mnb|mni)|sem|shm(?:all|max|mni)|shm_rmid_forced)$|net\.|fs\.mqueue\.)/.test(name)
    ? undefined
    : 'docker run does not take this one';

const label: Refuses = (name) => (/[ \t]/.test(name) ? 'docker run takes no name with spaces' : undefined);
const domain: Refuses = (value) => (value === '' ? 'docker run takes no empty domain' : undefined);

/** What has a flag of its own, in the order in which it is said. */
export const flagsOfConfig: Readonly<Record<string, Rule>> = {
  Hostname: text('--hostname'),
  Domainname: text('--domainname'),
  User: text('--user'),
  WorkingDir: text('--workdir'),
  Tty: on('--tty'),
  StopSignal: text('--stop-signal'),
  StopTimeout: anyNumber('--stop-timeout'),
  Labels: map('--label', label),
  ExposedPorts: set('--expose'),
  Volumes: set('--volume'),
};

export const flagsOfHost: Readonly<Record<string, Rule>> = {
  Binds: list('--volume'),
  VolumeDriver: text('--volume-driver'),
  VolumesFrom: list('--volumes-from'),
  Tmpfs: tmpfs,

  Dns: list('--dns'),
  DnsOptions: list('--dns-option'),
  DnsSearch: list('--dns-search', domain),
  ExtraHosts: list('--add-host'),
  PortBindings: publish,
  PublishAllPorts: on('--publish-all'),

  Privileged: on('--privileged'),
  CapAdd: list('--cap-add'),
  CapDrop: list('--cap-drop'),
  ReadonlyRootfs: on('--read-only'),
  GroupAdd: list('--group-add'),
  Runtime: text('--runtime'),
  Isolation: text('--isolation'),

  PidMode: text('--pid'),
  IpcMode: text('--ipc'),
  UTSMode: text('--uts'),
  UsernsMode: text('--userns'),
  CgroupnsMode: text('--cgroupns'),
  Sysctls: map('--sysctl', sysctl),

  Devices: words('--device', device),
  DeviceCgroupRules: list('--device-cgroup-rule'),

  Memory: size('--memory'),
  MemorySwap: size('--memory-swap'),
  MemoryReservation: size('--memory-reservation'),
  MemorySwappiness: anyNumber('--memory-swappiness'),
  OomKillDisable: on('--oom-kill-disable'),
  OomScoreAdj: number('--oom-score-adj'),
  PidsLimit: number('--pids-limit'),
  CpuShares: number('--cpu-shares'),
  NanoCpus: processors('--cpus'),
  CpuPeriod: number('--cpu-period'),
  CpuQuota: number('--cpu-quota'),
  CpuRealtimePeriod: number('--cpu-rt-period'),
  CpuRealtimeRuntime: number('--cpu-rt-runtime'),
  CpusetCpus: text('--cpuset-cpus'),
  CpusetMems: text('--cpuset-mems'),
  CgroupParent: text('--cgroup-parent'),
  BlkioWeight: number('--blkio-weight'),
  BlkioWeightDevice: words('--blkio-weight-device', (item) => rated(item, 'Weight')),
  BlkioDeviceReadBps: words('--device-read-bps', (item) => rated(item, 'Rate')),
  BlkioDeviceWriteBps: words('--device-write-bps', (item) => rated(item, 'Rate')),
  BlkioDeviceReadIOps: words('--device-read-iops', (item) => rated(item, 'Rate')),
  BlkioDeviceWriteIOps: words('--device-write-iops', (item) => rated(item, 'Rate')),
  Ulimits: words('--ulimit', ulimit),
  ShmSize: size('--shm-size'),
  StorageOpt: map('--storage-opt'),

  Init: onOff('--init'),
  Annotations: map('--annotation'),
  LogConfig: logging,
  RestartPolicy: restart,
  AutoRemove: on('--rm'),
};
