import { list, map, number, objects, on, onOff, type Rule, set, size, text } from './compose-rules.ts';
import {
  device,
  logging,
  ports,
  processors,
  restart,
  stopTimeout,
  swappiness,
  tmpfs,
  ulimits,
  volumesFrom,
  words,
} from './compose-values.ts';

/** What has a key of its own, in the order in which it is said. */
export const keysOfConfig: Readonly<Record<string, Rule>> = {
  Entrypoint: words('entrypoint'),
  Cmd: words('command'),
  WorkingDir: text('working_dir'),
  User: text('user'),
  Hostname: text('hostname'),
  Domainname: text('domainname'),
  Tty: on('tty'),
  OpenStdin: on('stdin_open'),
  StopSignal: text('stop_signal'),
  StopTimeout: stopTimeout,
  Labels: map('labels'),
  ExposedPorts: set('expose'),
};

export const keysOfHost: Readonly<Record<string, Rule>> = {
  Tmpfs: tmpfs,
  VolumesFrom: volumesFrom,

  Dns: list('dns'),
  DnsOptions: list('dns_opt'),
  DnsSearch: list('dns_search'),
  ExtraHosts: list('extra_hosts'),
  PortBindings: ports,

  Privileged: on('privileged'),
  CapAdd: list('cap_add'),
  CapDrop: list('cap_drop'),
  ReadonlyRootfs: on('read_only'),
  GroupAdd: list('group_add'),
  Runtime: text('runtime'),
  Isolation: text('isolation'),

  PidMode: text('pid'),
  IpcMode: text('ipc'),
  UTSMode: text('uts'),
  UsernsMode: text('userns_mode'),
  CgroupnsMode: text('cgroup'),
  Sysctls: map('sysctls'),

  Devices: objects('devices', device),
  DeviceCgroupRules: list('device_cgroup_rules'),

  Memory: size('mem_limit'),
  MemorySwap: size('memswap_limit'),
  MemoryReservation: size('mem_reservation'),
  MemorySwappiness: swappiness,
  OomKillDisable: on('oom_kill_disable'),
  OomScoreAdj: number('oom_score_adj'),
  PidsLimit: number('pids_limit'),
  CpuShares: number('cpu_shares'),
  NanoCpus: processors,
  CpuPeriod: number('cpu_period'),
  CpuQuota: number('cpu_quota'),
  CpuRealtimePeriod: number('cpu_rt_period'),
  CpuRealtimeRuntime: number('cpu_rt_runtime'),
  CpusetCpus: text('cpuset'),
  CpuCount: number('cpu_count'),
  CgroupParent: text('cgroup_parent'),
  Ulimits: ulimits,
  ShmSize: size('shm_size'),
  StorageOpt: map('storage_opt'),

  Init: onOff('init'),
  Annotations: map('annotations'),
  LogConfig: logging,
  RestartPolicy: restart,
};
