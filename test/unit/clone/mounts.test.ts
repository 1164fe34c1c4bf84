import { describe, expect, it } from 'vitest';
import type { ContainerSettings } from '../../../src/runtime/container.ts';
import { bindAt, type Situation, siblingOf, volumeAt, volumeId } from './support.ts';

type Mounted = Pick<ContainerSettings, 'binds' | 'mounts' | 'tmpfs' | 'volumes' | 'volumesFrom' | 'volumeDriver'>;

interface Case extends Situation {
  readonly own: Mounted;
  /** As it is, unless told otherwise. */
  readonly gives?: Mounted;
  readonly leaves?: readonly string[];
}

const image = { volumes: ['/declared'] };
const volume = { type: 'volume', source: volumeId };

const cases: readonly Case[] = [
  // liquidguru/docker-updater#11, JanJK2011/Docker-Container-Updater#17: mounts were lost where only binds were read.
  {
    title: 'binds with their options, on the paths of the host',
    own: {
      binds: ['/srv:/a', '/srv:/b:ro,z', '/srv:/c:rslave', 'data:/d:nocopy,ro', '/with space:/e'],
      volumeDriver: 'local',
    },
  },
  {
    // containrrr/watchtower#2017: the part of a volume was lost.
    title: 'mounts with their options',
    own: {
      mounts: [
        { type: 'bind', source: '/srv', target: '/a', readOnly: true, bindOptions: { propagation: 'rslave' } },
        { type: 'volume', source: 'data', target: '/b', volumeOptions: { noCopy: true, subpath: 'part' } },
        { type: 'tmpfs', target: '/c', tmpfsOptions: { sizeBytes: 1, mode: 0o700 } },
        { type: 'image', source: 'tools:1', target: '/d', imageOptions: { subpath: 'bin' } },
      ],
    },
  },
  { title: 'memory', own: { tmpfs: { '/quick': 'size=1m', '/bare': '' } } },
  { title: 'the volumes of another container', own: { volumesFrom: ['donor:ro', 'other'] }, gone: new Set() },
  {
    // containrrr/watchtower#410, louislam/uptime-kuma#516: anonymous volumes were lost.
    title: 'an anonymous volume of self, by its name',
    own: { volumes: ['/anonymous'] },
    mountPoints: [volumeAt('/anonymous')],
    gives: { mounts: [{ ...volume, target: '/anonymous' }] },
  },
  {
    title: 'a volume that was asked for without a name, by the name that it has now',
    own: { mounts: [{ type: 'volume', target: '/nameless', volumeOptions: { labels: { a: 'b' } } }] },
    mountPoints: [volumeAt('/nameless')],
    gives: { mounts: [{ ...volume, target: '/nameless', volumeOptions: { labels: { a: 'b' } } }] },
  },
  {
    title: 'nothing more of a named volume or a bind, whatever the engine made of it',
    own: { binds: ['data:/a'], mounts: [{ type: 'bind', source: '/srv', target: '/b' }] },
    mountPoints: [volumeAt('/a', 'data'), bindAt('/b', '/srv')],
  },
  {
    // docker/compose#4162, Finsys/dockhand#585, #1088: `Duplicate mount point`.
    title: 'a declared volume only once, where somebody mounted something there',
    own: {
      binds: ['data:/declared'],
      volumes: ['/declared', '/quick', '/m'],
      tmpfs: { '/quick': '' },
      mounts: [{ type: 'tmpfs', target: '/m' }],
    },
    mountPoints: [volumeAt('/declared', 'data')],
    gives: { binds: ['data:/declared'], tmpfs: { '/quick': '' }, mounts: [{ type: 'tmpfs', target: '/m' }] },
  },
  {
    title: 'a volume that the image declares: a new one',
    own: { volumes: ['/declared'] },
    mountPoints: [volumeAt('/declared')],
    gives: {},
    leaves: ['Config.Volumes'],
  },
  {
    title: 'the same volume where nobody knows what the image declares',
    image: 'unknown',
    own: { volumes: ['/declared'] },
    mountPoints: [volumeAt('/declared')],
    gives: { mounts: [{ ...volume, target: '/declared' }] },
  },
  {
    // nicholas-fedor/watchtower#2404: what came from a container that was gone was lost, or refused.
    title: 'what came from a container that is gone, one by one',
    own: { volumesFrom: ['donor:ro', 'other'], binds: ['/srv:/own'], volumes: ['/anonymous', '/declared'] },
    gone: new Set(['donor']),
    mountPoints: [
      bindAt('/own', '/srv'),
      bindAt('/donated', '/etc/app', true),
      volumeAt('/given', 'given'),
      volumeAt('/anonymous'),
      volumeAt('/declared'),
    ],
    gives: {
      binds: ['/srv:/own'],
      mounts: [
        { ...volume, target: '/anonymous' },
        { type: 'bind', source: '/etc/app', target: '/donated', readOnly: true },
        { type: 'volume', source: 'given', target: '/given' },
      ],
    },
    leaves: ['Config.Volumes'],
  },
  {
    // Made for one action of a workflow, and removed with it.
    title: 'not the files of Tinkerbell’s agent',
    own: {
      binds: [
        '/tmp/tink-dns-123/resolv.conf:/etc/resolv.conf',
        '/tmp/tink-dns-123/hosts:/etc/hosts:ro',
        '/tmp/tink-dns:/kept',
        '/srv/tmp/tink-dns-1:/kept-as-well',
      ],
    },
    gives: { binds: ['/tmp/tink-dns:/kept', '/srv/tmp/tink-dns-1:/kept-as-well'] },
    leaves: ['mount /etc/resolv.conf', 'mount /etc/hosts'],
  },
  {
    title: 'asked for: in place of whatever self has there',
    own: {
      binds: ['/srv:/a', '/srv:/b'],
      tmpfs: { '/c': '', '/d': '' },
      mounts: [
        { type: 'tmpfs', target: '/e' },
        { type: 'tmpfs', target: '/f' },
      ],
      volumes: ['/anonymous'],
    },
    mountPoints: [volumeAt('/anonymous')],
    mounts: ['/a', '/c', '/e', '/anonymous', '/new'].map((target) => ({ type: 'bind', source: '/asked', target })),
    gives: {
      binds: ['/srv:/b'],
      tmpfs: { '/d': '' },
      mounts: [
        { type: 'tmpfs', target: '/f' },
        ...['/a', '/c', '/e', '/anonymous', '/new'].map((target) => ({ type: 'bind', source: '/asked', target })),
      ],
    },
    leaves: ['mount /a', 'tmpfs /c', 'mount /e', 'mount /anonymous'],
  },
  {
    title: 'asked for: alone, where the group is not inherited',
    inherit: '-mounts',
    own: { binds: ['/srv:/a'], volumes: ['/anonymous'] },
    mountPoints: [volumeAt('/anonymous')],
    mounts: [{ type: 'tmpfs', target: '/new' }],
    gives: { mounts: [{ type: 'tmpfs', target: '/new' }] },
    leaves: ['HostConfig.Binds', 'Config.Volumes'],
  },
];

describe('the mounts of a sibling', () => {
  it.each(cases)('$title', ({ own, gives = own, leaves = [], ...situation }) => {
    for (const other of [true, false]) {
      const { settings, left } = siblingOf(own, { image, ...situation, other });
      const { binds, mounts, tmpfs, volumes, volumesFrom, volumeDriver } = settings;
      const nothing = { binds: undefined, mounts: undefined, tmpfs: undefined, volumes: undefined };
      expect({ binds, mounts, tmpfs, volumes, volumesFrom, volumeDriver }).toEqual({ ...nothing, ...gives });
      expect(left.toSorted()).toEqual(leaves.toSorted());
    }
  });
});
