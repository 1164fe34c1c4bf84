import { describe, expect, it } from 'vitest';
import { powersOf } from '../../../src/clone/powers.ts';
import type { ContainerSettings } from '../../../src/runtime/container.ts';
import { canonical } from './engine-model.ts';
import { bindAt, peerId, siblingOf, volumeAt } from './support.ts';

interface Case {
  readonly title: string;
  readonly own: ContainerSettings;
  /** What is told of it. */
  readonly named: readonly string[];
  /** What of it a safe sibling keeps. */
  readonly kept?: ContainerSettings;
}

const cases: readonly Case[] = [
  { title: 'nothing', own: {}, named: [] },
  { title: 'privileged', own: { privileged: true }, named: ['privileged'] },
  {
    title: 'namespaces of the host',
    own: { pidMode: 'host', networkMode: 'host', ipcMode: 'host', utsMode: 'host', usernsMode: 'host' },
    named: ['process', 'network', 'IPC', 'UTS', 'user'].map((name) => `the host's ${name} namespace`),
  },
  {
    title: 'namespaces that are not the host’s',
    own: { pidMode: `container:${peerId}`, ipcMode: 'shareable', usernsMode: 'keep-id', cgroupnsMode: 'host' },
    named: [],
    kept: { pidMode: `container:${peerId}`, ipcMode: 'shareable', usernsMode: 'keep-id', cgroupnsMode: 'host' },
  },
  {
    title: 'strong capabilities, in both of the engines’ spellings',
    own: { capAdd: ['SYS_ADMIN', 'CAP_NET_ADMIN', 'NET_BIND_SERVICE', 'cap_bpf', 'CAP_CHOWN'] },
    named: ['capability SYS_ADMIN', 'capability CAP_NET_ADMIN', 'capability cap_bpf'],
    kept: { capAdd: ['NET_BIND_SERVICE', 'CAP_CHOWN'] },
  },
  { title: 'all capabilities', own: { capAdd: ['ALL'] }, named: ['capability ALL'] },
  {
    title: 'protections that are switched off',
    own: {
      securityOpt: [
        'seccomp=unconfined',
        'apparmor:unconfined',
        'label=disable',
        'label:disable',
        'systempaths=unconfined',
        'apparmor=mine',
        'label=type:mine_t',
        'no-new-privileges',
      ],
    },
    named: ['seccomp=unconfined', 'apparmor:unconfined', 'label=disable', 'label:disable', 'systempaths=unconfined'],
    kept: { securityOpt: ['apparmor=mine', 'label=type:mine_t', 'no-new-privileges'] },
  },
  {
    title: 'the kernel’s files unmasked',
    own: { maskedPaths: [], readonlyPaths: [] },
    named: ["the kernel's files unmasked"],
  },
  { title: 'some of the kernel’s files writable', own: { readonlyPaths: [] }, named: ["the kernel's files unmasked"] },
  {
    title: 'devices',
    own: {
      devices: [{ pathOnHost: '/dev/sda', pathInContainer: '/dev/sda' }],
      deviceCgroupRules: ['b *:* rwm'],
      deviceRequests: [{ count: -1, capabilities: [['gpu']] }],
    },
    named: ['device /dev/sda', 'devices b *:* rwm'],
    kept: { deviceRequests: [{ count: -1, capabilities: [['gpu']] }] },
  },
  {
    title: 'binds',
    own: { binds: ['/:/host:ro', '/etc/localtime:/etc/localtime:ro', '/run/docker.sock:/x', '/srv:/srv', 'data:/etc'] },
    named: ['/ of the host', '/run/docker.sock of the host'],
    kept: { binds: ['/etc/localtime:/etc/localtime:ro', '/srv:/srv', 'data:/etc'] },
  },
  {
    title: 'a file of the host’s settings that can be written',
    own: { binds: ['/etc/passwd:/p', '/etc/group:/g:z,ro'] },
    named: ['/etc/passwd of the host'],
    kept: { binds: ['/etc/group:/g:z,ro'] },
  },
  {
    title: 'mounts',
    own: {
      mounts: [
        { type: 'bind', source: '/var/lib/docker', target: '/a', readOnly: true },
        { type: 'bind', source: '/etc/app', target: '/b', readOnly: true },
        { type: 'volume', source: 'etc', target: '/c' },
        { type: 'tmpfs', target: '/etc' },
      ],
    },
    named: ['/var/lib/docker of the host'],
    kept: {
      mounts: [
        { type: 'bind', source: '/etc/app', target: '/b', readOnly: true },
        { type: 'volume', source: 'etc', target: '/c' },
        { type: 'tmpfs', target: '/etc' },
      ],
    },
  },
  {
    title: 'the same path twice',
    own: { binds: ['/boot:/a', '/boot:/b'] },
    named: ['/boot of the host'],
  },
];

const base = { env: [], labels: {}, entrypoint: [] };

describe.each(cases)('$title', ({ own, named, kept = {} }) => {
  it('is told of', () => expect(powersOf(own)).toEqual(named));

  it('is passed on', () => {
    expect(siblingOf(own).settings).toEqual({ ...base, ...own });
    expect(siblingOf(own).left).toEqual([]);
  });

  it('stays behind with safe', () => {
    const { settings, leftOut } = siblingOf(own, { inherit: 'safe' });
    expect(canonical(settings)).toEqual(canonical({ ...base, ...kept }));
    expect(new Set(leftOut.map(({ setting }) => setting))).toEqual(new Set(named));
    for (const { reason } of leftOut) expect(reason).toMatch(/^OFFSHOOT_INHERIT=safe leaves .* behind$/);
  });
});

describe('a safe sibling', () => {
  it('keeps what takes power away from it', () => {
    const own: ContainerSettings = {
      capDrop: ['ALL'],
      readonlyRootfs: true,
      securityOpt: ['no-new-privileges'],
      user: '1000',
      usernsMode: 'keep-id',
      memory: 1,
      pidsLimit: 2,
      ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
    };
    expect(siblingOf(own, { inherit: 'safe' })).toMatchObject({ settings: own, left: [] });
  });

  const donor = { volumesFrom: ['donor'] };

  it.each([
    ['harmless: it is kept', [bindAt('/a', '/srv'), volumeAt('/b')], donor, []],
    ['a socket: nothing of it', [bindAt('/a', '/run/docker.sock')], {}, ['HostConfig.VolumesFrom']],
    ['settings that are only read: kept', [bindAt('/a', '/etc/app', true)], donor, []],
    ['settings that can be written: nothing', [bindAt('/a', '/etc/app')], {}, ['HostConfig.VolumesFrom']],
  ])('with what another container mounts: %s', (_, mountPoints, kept, left) => {
    const sibling = siblingOf(donor, { inherit: 'safe', mountPoints });
    expect(sibling.settings).toEqual({ ...base, ...kept });
    expect(sibling.left).toEqual(left);
    const gone = siblingOf(donor, { inherit: 'safe', mountPoints, gone: new Set(['donor']) });
    expect(powersOf(gone.settings)).toEqual([]);
  });

  it('can still be asked for what self has', () => {
    const mounts = [{ type: 'bind', source: '/run/docker.sock', target: '/run/docker.sock' }];
    const { settings } = siblingOf({ binds: ['/run/docker.sock:/x'] }, { inherit: 'safe', mounts });
    expect(settings).toEqual({ ...base, mounts });
    expect(powersOf(settings)).toEqual(['/run/docker.sock of the host']);
  });

  it('is not in the network of the host, and can be asked to be', () => {
    const own = { networkMode: 'host' };
    expect(siblingOf(own, { inherit: 'safe' }).settings).not.toHaveProperty('networkMode');
    expect(siblingOf(own, { inherit: 'safe', networks: [{ name: 'host' }] }).settings.networkMode).toBe('host');
  });
});
