import { existsSync, readdirSync } from 'node:fs';
import type { Restriction, SettingCase } from './types.ts';

/** The unified hierarchy of the machines that we test on has none of the old controllers: they cannot be in both. */
const hasCpuController: Restriction = {
  fits: ({ cgroup }) => cgroup === 1,
  reason: 'the engine refuses it: its control groups have no processor controller',
};
const disk = readdirSync('/sys/block')
  .map((name) => `/dev/${name}`)
  .find((path) => existsSync(path));
const hasDisk: Restriction = { fits: () => disk !== undefined, reason: 'this machine has no block device' };
const rate = ['--device-read-bps', '--device-write-bps', '--device-read-iops', '--device-write-iops'];

/**
 * What an engine's control groups cannot do it discards with a warning when the container is created: then the setting
 * is not there to be seen, and the case is one without settings. Swap and weights of block devices are such here.
 */
export const limitCases: readonly SettingCase[] = [
  { name: 'a limit of memory', flags: ['--memory', '64m'] },
  { name: 'memory and swap', flags: ['--memory', '64m', '--memory-swap', '128m'] },
  { name: 'memory and any swap', flags: ['--memory', '64m', '--memory-swap', '-1'] },
  { name: 'memory that is left over last', flags: ['--memory', '64m', '--memory-reservation', '33333333'] },
  { name: 'swappiness', flags: ['--memory-swappiness', '10'] },
  { name: 'no swappiness', flags: ['--memory-swappiness', '0'] },
  { name: 'not killed when memory is short', flags: ['--memory', '64m', '--oom-kill-disable'] },
  { name: 'killed first when memory is short', flags: ['--oom-score-adj', '500'] },
  { name: 'a limit of processes', flags: ['--pids-limit', '100'] },
  { name: 'no limit of processes', flags: ['--pids-limit', '-1'] },
  { name: 'a share of the processors', flags: ['--cpu-shares', '512'] },
  { name: 'half a processor', flags: ['--cpus', '0.5'], only: hasCpuController },
  { name: 'three tenths of a processor', flags: ['--cpus', '0.3'], only: hasCpuController },
  { name: 'time of processors', flags: ['--cpu-period', '50000', '--cpu-quota', '25000'] },
  {
    name: 'real time of processors',
    flags: ['--cpu-rt-period', '100000', '--cpu-rt-runtime', '1000'],
    only: hasCpuController,
    unstartable: 'this kernel has none to give',
  },
  { name: 'certain processors', flags: ['--cpuset-cpus', '0', '--cpuset-mems', '0'] },
  { name: 'a parent of its control group', flags: ['--cgroup-parent', '/offshoot-test'] },
  { name: 'a weight of block devices', flags: ['--blkio-weight', '300'] },
  { name: 'a weight of one block device', flags: ['--blkio-weight-device', `${disk}:300`], only: hasDisk },
  ...rate.map((flag) => ({
    name: `a rate of a block device (${flag})`,
    flags: [flag, `${disk}:1048576`],
    only: hasDisk,
  })),
  {
    name: 'limits of the process',
    flags: ['--ulimit', 'nofile=512:1024', '--ulimit', 'core=0', '--ulimit', 'cpu=-1:-1'],
  },
  { name: 'shared memory', flags: ['--shm-size', '32m'] },
];
