import { describe, expect, it } from 'vitest';
import { hostPathOf } from '../../../src/paths/host-path.ts';
import { parseKernelMounts } from '../../../src/paths/kernel-mounts.ts';
import { type Mounted, problemOf, type Told, world } from './world.ts';

function sourceOf(path: string, mounted: readonly Mounted[], told?: Told): string {
  const { self, view } = world(mounted, told);
  return hostPathOf(path, self, view).source;
}

describe('the mount that holds a path', () => {
  const data = { at: '/data', source: '/srv/a' };

  it.each<[what: string, path: string, mounted: Mounted[], source: string]>([
    ['is the place itself', '/data', [data], '/srv/a'],
    ['is one above', '/data/x', [data], '/srv/a/x'],
    ['is no neighbour', '/data2/x', [data, { at: '/data2', source: '/srv/b' }], '/srv/b/x'],
    ['is the innermost', '/data/in/x', [data, { at: '/data/in', source: '/srv/b' }], '/srv/b/x'],
    ['is not one that another hides', '/data/in/x', [{ at: '/data/in', source: '/srv/b' }, data], '/srv/a/in/x'],
    ['can be a root of the host', '/host/etc', [{ at: '/host', source: '/' }], '/etc'],
    ['can be a file', '/etc/app', [{ at: '/etc/app', source: '/srv/f' }], '/srv/f'],
    ['has a source as the engine says it', '/data', [{ at: '/data', source: '/srv//odd/' }], '/srv//odd/'],
    ['can have spaces', '/my data/x', [{ at: '/my data', source: '/my host' }], '/my host/x'],
  ])('%s', (_, path, mounted, source) => {
    expect(sourceOf(path, mounted)).toBe(source);
  });

  it.each([
    '/host_mnt/Users/me/app',
    '/run/desktop/mnt/host/c/Users/me/app',
    '/run/desktop/mnt/host/wsl/docker-desktop-bind-mounts/Ubuntu/0123456789abcdef',
  ])('has the source of Docker Desktop: %s', (source) => {
    expect(sourceOf('/w/src', [{ at: '/w', source }])).toBe(`${source}/src`);
  });

  it('is told with the path', () => {
    const { self, view } = world([data]);
    expect(hostPathOf('/data', self, view).mountPoint).toBe(self.mountPoints[0]);
  });
});

describe('links', () => {
  const socket = { at: '/var/run/docker.sock', kernelAt: '/run/docker.sock', source: '/run/user/1000/docker.sock' };
  const links = { '/var/run': '/run', '/data/out': '/etc', '/data/in': 'deep/er', '/here': 'data', '/round': '/round' };

  it.each([
    ['/var/run/docker.sock', '/run/user/1000/docker.sock'],
    ['/run/docker.sock', '/run/user/1000/docker.sock'],
    ['/here/x', '/srv/a/x'],
    ['/data/in/x', '/srv/a/deep/er/x'],
    ['/data/in/../x', '/srv/a/deep/x'],
    ['/etc/../data/./x/', '/srv/a/x'],
    ['x', '/srv/w/x'],
    ['.', '/srv/w'],
    ['../data/x', '/srv/a/x'],
  ])('%s', (path, source) => {
    const mounted = [{ at: '/data', source: '/srv/a' }, { at: '/app', source: '/srv/w' }, socket];
    expect(sourceOf(path, mounted, { links })).toBe(source);
  });

  it.each([
    ['/data/out/passwd', /own file system \(overlay\)/],
    ['/data/../etc', /own file system/],
    ['/data/x', /does not exist in this container/],
    ['/round', /cannot be followed in this container: ELOOP/],
  ])('%s leads to nothing that can be given', (path, problem) => {
    expect(problemOf(path, world([{ at: '/data' }], { links, missing: ['/data/x'] }))).toMatch(problem);
  });
});

describe('what is not of the host', () => {
  it.each<[what: string, path: string, mounted: Mounted[], told: Told, problem: RegExp]>([
    [
      'an image',
      '/i/x',
      [{ at: '/i', type: 'image' }],
      {},
      /lies in \/i, a mount of type image; only folders, files and/,
    ],
    ['a named pipe', '/p', [{ at: '/p', type: 'npipe' }], {}, /is a mount of type npipe/],
    ['a cluster volume', '/c', [{ at: '/c', type: 'cluster' }], {}, /is a mount of type cluster/],
    [
      'a mount without a source',
      '/d',
      [{ at: '/d', source: '' }],
      {},
      /is a mount whose source the engine does not tell/,
    ],
    ['no mount of the kernel', '/d/x', [{ at: '/e', kernelAt: '/f' }], {}, /own file system/],
    ['a tmpfs', '/t', [{ at: '/t', type: 'tmpfs', source: '' }], {}, /is a tmpfs/],
    [
      'a tmpfs at a link that the engine was asked for beside its mount points',
      '/d/t/x',
      [{ at: '/d' }, { at: '/d/t', untold: true, device: '/dev/ram' }],
      { links: { '/t': '/d/t' }, settings: { tmpfs: { '/t': '' } } },
      /lies in \/d\/t, a tmpfs/,
    ],
    [
      'another mount over it',
      '/d/x',
      [{ at: '/d' }],
      { later: [{ at: '/d', untold: true }] },
      /is one of several|lies in \/d, one of several mounts/,
    ],
    [
      'another mount below it',
      '/d/b/x',
      [{ at: '/d' }],
      { later: [{ at: '/d/b', untold: true }] },
      /that the engine does/,
    ],
    [
      'one of two mounts at a place',
      '/d',
      [{ at: '/d' }, { at: '/l', kernelAt: '/d' }],
      { links: { '/l': '/d' } },
      /one of several/,
    ],
    [
      'one of two that the engine tells of, where a link was changed since',
      '/d',
      [{ at: '/d' }, { at: '/l', kernelAt: '/e' }],
      { links: { '/l': '/d' } },
      /one of several/,
    ],
  ])('%s', (_, path, mounted, told, problem) => {
    expect(problemOf(path, world(mounted, told))).toMatch(problem);
  });

  it('is not taken for it where we see no root, as after chroot', () => {
    const lines = ['1 0 8:1 /b /d/in rw - ext4 /dev/sda1 rw', '2 0 8:1 /a /d rw - ext4 /dev/sda1 rw'];
    const { self, view } = world([
      { at: '/d', source: '/srv/a' },
      { at: '/d/in', source: '/srv/b' },
    ]);
    const here = { self, view: { ...view, mounts: parseKernelMounts(lines.join('\n')) } };
    expect(hostPathOf('/d/in/x', here.self, here.view).source).toBe('/srv/b/x');
    expect(hostPathOf('/d/x', here.self, here.view).source).toBe('/srv/a/x');
    expect(problemOf('/x', here)).toMatch(/cannot be translated/);
  });

  it('is found below a root that lies on itself, as that of a machine', () => {
    const lines = ['1 1 0:2 / / rw - rootfs rootfs rw', '2 1 8:1 /a /d rw - ext4 /dev/sda1 rw'];
    const { self, view } = world([{ at: '/d', source: '/srv/a' }]);
    const here = { self, view: { ...view, mounts: parseKernelMounts(lines.join('\n')) } };
    expect(hostPathOf('/d/x', here.self, here.view).source).toBe('/srv/a/x');
    expect(problemOf('/x', here)).toMatch(/own file system \(rootfs\)/);
  });

  it('is everything where the kernel tells nothing', () => {
    const { self, view } = world([{ at: '/data' }]);
    expect(problemOf('/data', { self, view: { ...view, mounts: [] } })).toMatch(
      /cannot be translated: \/proc\/self\/mo/,
    );
  });
});

describe('what the host has mounted below', () => {
  const home = { at: '/home', source: '/home' };
  const nfs = { at: '/home/me', fileSystem: 'nfs4', device: 'files:/home/me', untold: true };

  it.each<[what: string, mounted: Mounted[], told: Told]>([
    ['comes along', [home, nfs], {}],
    ['comes along in several layers', [home, { ...nfs, fileSystem: 'autofs', device: '/etc/auto.home' }, nfs], {}],
    [
      'comes later where the mount follows the host',
      [{ ...home, tags: 'master:1' }],
      { later: [{ ...nfs, tags: 'master:2' }] },
    ],
    [
      'is ours where the mount is shared with the host',
      [{ ...home, tags: 'shared:1' }],
      { later: [{ ...nfs, tags: 'shared:2' }], settings: { binds: ['/home:/home/:ro,rshared'] } },
    ],
  ])('%s', (_, mounted, told) => {
    expect(sourceOf('/home/me/x', mounted, told)).toBe('/home/me/x');
  });

  it.each<[what: string, mounted: Mounted[], told: Told]>([
    ['is not what was mounted by hand', [home], { later: [nfs] }],
    ['is not what was mounted by hand at once after the last mount', [], { later: [home, nfs] }],
    ['is not what came after another mount', [home, { at: '/other' }, nfs], {}],
    ['is not a file system without a source', [home, { ...nfs, device: 'tmpfs' }], {}],
    ['is not what is in a mount that was made shared by hand', [{ ...home, tags: 'shared:1' }], { later: [nfs] }],
    ['is not what follows another mount', [home], { later: [{ ...nfs, tags: 'master:2' }] }],
  ])('%s', (_, mounted, told) => {
    expect(problemOf('/home/me/x', world(mounted, told))).toMatch(/lies in \/home\/me, a mount/);
  });

  it('is not a file of the engine’s own over the /etc of the host', () => {
    const hostname = { at: '/etc/hostname', untold: true, root: `/containers/${'c'.repeat(64)}/hostname` };
    const here = world([{ at: '/etc', source: '/etc' }, hostname]);
    expect(problemOf('/etc/hostname', here)).toMatch(/is made for each container/);
  });

  it('is not the engine’s own /dev/shm over the /dev of the host', () => {
    const shm = { at: '/dev/shm', untold: true, fileSystem: 'tmpfs', device: '/odd' };
    expect(problemOf('/dev/shm/x', world([{ at: '/dev', source: '/dev' }, shm]))).toMatch(/made for each container/);
  });
});

describe('how it is mounted', () => {
  const host = (mounted: Mounted, settings: Told['settings'] = {}) => {
    const { self, view } = world([mounted], { settings });
    return hostPathOf('/d/x', self, view);
  };

  it('is read-only where the engine or the kernel says so', () => {
    expect(host({ at: '/d', readOnly: true }).readOnly).toBe(true);
    expect(host({ at: '/d', options: 'ro,relatime' }).readOnly).toBe(true);
    expect(host({ at: '/d' }).readOnly).toBe(false);
  });

  it.each<[settings: NonNullable<Told['settings']>, expected: object]>([
    [{ binds: ['/srv:/d'] }, {}],
    [{ binds: ['/srv:/d:ro,rprivate'] }, {}],
    [{ binds: ['/srv:/other:rslave', '/srv:/d:z,slave'] }, { propagation: 'slave' }],
    [
      { mounts: [{ type: 'bind', target: '/d/', bindOptions: { propagation: 'rshared' } }] },
      { propagation: 'rshared' },
    ],
    [{ mounts: [{ type: 'bind', target: '/d', bindOptions: { nonRecursive: true } }] }, { nonRecursive: true }],
  ])('has what it was asked for with: %j', (settings, expected) => {
    const { mountPoint, ...found } = host({ at: '/d' }, settings);
    expect(found).toEqual({ kind: 'bind', source: '/srv/app/x', readOnly: false, ...expected });
    expect(mountPoint.destination).toBe('/d');
  });
});

describe('a volume', () => {
  const volume = { at: '/v', type: 'volume', name: 'vol', driver: 'local', source: '/docker/volumes/vol/_data' };
  const at = (path: string, more: Partial<Mounted>, subpath?: string) => {
    const mounts = [{ type: 'volume', target: '/v', volumeOptions: { subpath } }];
    const { self, view } = world([{ ...volume, ...more }], { settings: { mounts } });
    return hostPathOf(path, self, view);
  };

  it('is known by its name', () => {
    expect(at('/v', {})).toMatchObject({ kind: 'volume', volume: 'vol', driver: 'local', subpath: '' });
    expect(at('/v/a/b', {})).toMatchObject({ subpath: 'a/b', source: '/docker/volumes/vol/_data/a/b' });
  });

  it.each([
    ['the kernel tells', { root: '/volumes/vol/_data/p/q' }, undefined],
    ['the engine was asked for, where the kernel does not know', { root: '/export' }, '/p//q/'],
    ['was asked for, and the volume lies in a folder like it', { root: '/else/vol/_data/no' }, 'p/q'],
  ])('can be mounted in part: what %s', (_, more, subpath) => {
    expect(at('/v', more, subpath)).toMatchObject({ subpath: 'p/q', source: '/docker/volumes/vol/_data/p/q' });
    expect(at('/v/x', more, subpath)).toMatchObject({ subpath: 'p/q/x', source: '/docker/volumes/vol/_data/p/q/x' });
  });

  it('of a driver that tells no source has none', () => {
    expect(at('/v/x', { source: '', driver: 'nfs' })).toMatchObject({ driver: 'nfs', subpath: 'x', source: '' });
  });
});
