import { describe, expect, it } from 'vitest';
import { NotSupportedError } from '../../../src/errors.ts';
import { unknownHere } from '../../../src/clone/left-out.ts';
import type { ContainerSettings, ImageConfig } from '../../../src/runtime/container.ts';
import { type Situation, siblingOf } from './support.ts';

interface Case extends Situation {
  readonly own: ContainerSettings;
  readonly gives: ContainerSettings;
  readonly leaves?: readonly string[];
}

const image: ImageConfig = { user: 'app', workingDir: '/app', stopSignal: 'SIGINT', shell: ['/bin/sh', '-c'] };
const ofImage = ['Config.User', 'Config.WorkingDir', 'Config.StopSignal', 'Config.Shell'];
const mine: ContainerSettings = { user: '0', workingDir: '/', stopSignal: 'SIGTERM', shell: ['/bin/bash', '-c'] };

const cases: readonly Case[] = [
  { title: 'same image: user, folder, signal and shell', own: image, gives: image },
  {
    title: 'another image: none of them that self only has from its image',
    own: image,
    other: true,
    gives: {},
    leaves: ofImage,
  },
  { title: 'another image: those that somebody set', own: mine, other: true, gives: mine },
  {
    title: 'another image: all, where nobody knows what self’s image gives',
    image: 'unknown',
    own: image,
    other: true,
    gives: image,
  },

  { title: 'a terminal', own: { tty: true }, gives: { tty: true } },
  { title: 'an input that stays open', own: { tty: true, openStdin: true }, gives: { tty: true, openStdin: true } },
  {
    // StdinOnce with nobody attached: the process would wait for somebody who never comes.
    title: 'no input that was open for a client',
    own: { openStdin: true, stdinOnce: true },
    gives: {},
    leaves: ['Config.OpenStdin'],
  },

  {
    title: 'a restart policy that is asked for',
    own: {},
    restart: { name: 'always' },
    gives: { restartPolicy: { name: 'always' } },
  },
  {
    title: 'a restart policy that is asked for, in place of self’s',
    inherit: 'all,restart',
    own: { restartPolicy: { name: 'on-failure', maximumRetryCount: 3 } },
    restart: { name: 'no' },
    gives: { restartPolicy: { name: 'no' } },
  },
  {
    title: 'self’s restart policy, by name',
    inherit: 'all,restart',
    own: { restartPolicy: { name: 'on-failure', maximumRetryCount: 3 } },
    gives: { restartPolicy: { name: 'on-failure', maximumRetryCount: 3 } },
  },
  {
    // A sibling that launches would do so for ever.
    title: 'not self’s restart policy by itself',
    own: { restartPolicy: { name: 'always' } },
    gives: {},
    leaves: ['HostConfig.RestartPolicy'],
  },
  { title: 'removal, as it is asked for', own: {}, autoRemove: true, gives: { autoRemove: true } },
  {
    // portainer/portainer#3247, containrrr/watchtower#1931: it vanished before anybody could look.
    title: 'no removal, though self is to be removed',
    own: { autoRemove: true },
    gives: {},
    leaves: ['HostConfig.AutoRemove'],
  },
  {
    // docker-autocompose#59, nicholas-fedor/watchtower#1563: lost by others.
    title: 'limits, logging, and how the process is run',
    other: true,
    own: {
      ...{
        shmSize: 1,
        stopTimeout: 0,
        init: false,
        sysctls: { a: '1' },
        ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
      },
      ...{
        memory: 1,
        memorySwap: 2,
        memorySwappiness: 0,
        cpusetCpus: '0',
        blkioDeviceReadBps: [{ path: '/d', rate: 1 }],
      },
      ...{ logConfig: { type: 'none' }, runtime: 'nvidia', groupAdd: ['1'], annotations: { a: 'b' }, domainname: 'd' },
      ...{ storageOpt: { size: '1G' }, cgroupParent: '/p', oomScoreAdj: -5, networkDisabled: true, volumeDriver: 'x' },
    },
    gives: {
      ...{
        shmSize: 1,
        stopTimeout: 0,
        init: false,
        sysctls: { a: '1' },
        ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
      },
      ...{
        memory: 1,
        memorySwap: 2,
        memorySwappiness: 0,
        cpusetCpus: '0',
        blkioDeviceReadBps: [{ path: '/d', rate: 1 }],
      },
      ...{ logConfig: { type: 'none' }, runtime: 'nvidia', groupAdd: ['1'], annotations: { a: 'b' }, domainname: 'd' },
      ...{ storageOpt: { size: '1G' }, cgroupParent: '/p', oomScoreAdj: -5, networkDisabled: true, volumeDriver: 'x' },
    },
  },
];

describe('a sibling gets', () => {
  it.each(cases)('$title', ({ own, gives, leaves = [], ...situation }) => {
    const { settings, left } = siblingOf(own, { image, ...situation });
    const { env: _, labels: __, entrypoint: ___, ...rest } = settings;
    expect(rest).toEqual(gives);
    expect(left).toEqual(leaves);
  });

  it('nothing that is undefined, which an adapter could take for something', () => {
    const { settings } = siblingOf(
      { user: 'app', healthcheck: undefined, hostname: undefined },
      { image, other: true },
    );
    expect(Object.values(settings)).not.toContain(undefined);
  });
});

describe('what has no place in the settings', () => {
  it.each([
    ['HostConfig.NewThing', unknownHere],
    ['HostConfig.Mounts.0.BindOptions.NewThing', unknownHere],
    ['HostConfig.KernelMemory', 'kernels and engines no longer have it'],
    ['HostConfig.KernelMemoryTCP', 'kernels and engines no longer have it'],
  ])('%s is named: %s', (setting, reason) => {
    for (const inherit of ['all', 'safe'])
      expect(siblingOf({}, { unmodelled: [setting], inherit }).leftOut).toEqual([{ setting, reason }]);
  });

  it.each(['Isolation', 'CpuCount', 'CpuPercent', 'IOMaximumIOps', 'IOMaximumBandwidth'])(
    'HostConfig.%s is refused, as no sibling could have it',
    (name) => {
      const clone = () => siblingOf({}, { unmodelled: [`HostConfig.${name}`] });
      expect(clone).toThrow(NotSupportedError);
      expect(clone).toThrow(`self has HostConfig.${name}: only Windows has it`);
    },
  );
});

/** What waitdaemon did otherwise (docs: reference/clone.md, section 8). */
describe('faults of waitdaemon that are none of ours', () => {
  it('5, control variables pile up: none of them reaches the sibling, how often self has them', () => {
    const { settings } = siblingOf({ env: ['OFFSHOOT_X=1', 'A=1', 'OFFSHOOT_X=2'] });
    expect(settings.env).toEqual(['A=1']);
  });

  it('6, $HOSTNAME of the sibling is the parent’s', () => {
    expect(siblingOf({ env: ['HOSTNAME=a1b2c3d4e5f6'] }).settings.env).toEqual([]);
  });

  it('7, the hostname of the sibling is the parent’s, so that it takes the parent for itself', () => {
    expect(siblingOf({ hostname: 'a1b2c3d4e5f6' }).settings).not.toHaveProperty('hostname');
  });

  it('8, the old image’s variables override the new image’s, and a PATH that somebody set is lost', () => {
    const old = { env: ['PATH=/old', 'VERSION=1'] };
    expect(siblingOf(old, { image: old, other: true }).settings.env).toEqual([]);
    expect(siblingOf({ env: ['PATH=/mine', 'VERSION=1'] }, { image: old, other: true }).settings.env).toEqual([
      'PATH=/mine',
    ]);
  });
});
