import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { hostPathOf } from '../../../src/paths/host-path.ts';
import { translateMounts } from '../../../src/paths/translate.ts';
import { sample, samples } from './world.ts';

const volumes = '/var/lib/docker/volumes/vol/_data';
const whole = { kind: 'volume', volume: 'vol', driver: 'local', subpath: '', readOnly: false };
const bind = (source: string, more: object = {}) => ({ kind: 'bind', source, readOnly: false, ...more });

/** What becomes of paths in containers of real engines; a pattern is of the reason why not. */
const becomes: Readonly<Record<string, readonly (readonly [path: string, expected: object | RegExp])[]>> = {
  'docker-20.10-plain': [
    ['/data', bind('/srv/app/data')],
    ['/data/a/b', bind('/srv/app/data/a/b')],
    ['/data/nested/a', bind('/srv/app/data2/a')],
    ['/data2/a', bind('/srv/app/data2/a')],
    ['/data/vol', { ...whole, source: volumes }],
    ['/link/vol/a/b', { ...whole, subpath: 'a/b', source: `${volumes}/a/b` }],
    ['/real/vol', { ...whole, source: volumes }],
    ['/anon/a', { kind: 'volume', volume: expect.stringMatching(/^[0-9a-f]{64}$/), subpath: 'a' }],
    ['/tolink', bind('/srv/app/data/sub/f')],
    ['/etc/app.conf', bind('/srv/app/file')],
    ['/ro/a', bind('/srv/app/ro/a', { readOnly: true })],
    ['/var/run/docker.sock', bind('/run/docker.sock')],
    ['/run/docker.sock', bind('/run/docker.sock')],
    ['/', /lies in the container's own file system \(overlay\); only what is mounted can be given/],
    ['/etc/passwd', /own file system \(overlay\)/],
    ['/data3', /own file system/],
    ['/run', /own file system/],
    ['/tmp/fast/a', /lies in \/tmp\/fast, a tmpfs: memory of this container alone; mount a volume/],
    ['/data/quick', /is a tmpfs/],
    ['/etc/hosts', /is made for each container \(ext4\); a sibling has its own/],
    ['/proc/self/exe', /lies in \/proc, made for each container \(proc\)/],
    ['/proc/sys/kernel', /made for each container/],
    ['/sys/fs/cgroup/cpu', /made for each container/],
    ['/dev/null', /lies in \/dev, made for each container \(tmpfs\)/],
    ['/dev/shm/a', /made for each container/],
  ],
  'docker-20.10-gone': [
    ['/gone', /is a mount whose source was removed or replaced on the host; make it anew there/],
    ['/gone/a', /lies in \/gone, a mount whose source was removed/],
    ['/file', /is a mount whose source was removed or replaced/],
  ],
  'docker-28.5-privileged': [
    ['/a/b/c/d', bind('/srv/app/d')],
    ['/data/a', bind('/srv/app/data/a')],
    ['/data/sub', /is a mount \(tmpfs\) that the engine does not tell of; have the engine mount it/],
    ['/data/sub/a', /lies in \/data\/sub, a mount \(tmpfs\) that the engine does not tell of/],
    ['/data/vol/a', /lies in \/data\/vol, one of several mounts \(tmpfs\) at the same place/],
    ['/hostdev/sda', bind('/dev/sda')],
    ['/hostdev/pts/0', /a mount \(devpts\) that the engine does not tell of/],
  ],
  'docker-28.5-hostdev': [
    ['/host', bind('/', { readOnly: true })],
    ['/host/etc', bind('/etc', { readOnly: true })],
    ['/host/srv/nfs/a', bind('/srv/nfs/a', { readOnly: true })],
    // The engine made this one follow the host.
    ['/host/run/docker.sock', bind('/run/docker.sock', { readOnly: true })],
  ],
  'docker-28.5-slave': [
    ['/data/a', bind('/srv/app/data/a', { propagation: 'rslave' })],
    ['/data2', bind('/srv/app/data2', { propagation: 'rslave', readOnly: true })],
  ],
  'docker-28.5-subpath': [
    ['/sub', { ...whole, subpath: 'a/b', source: `${volumes}/a/b` }],
    ['/sub/c', { ...whole, subpath: 'a/b/c', source: `${volumes}/a/b/c` }],
    ['/v/a', { ...whole, subpath: 'a', source: `${volumes}/a` }],
  ],
  'podman-4.3-plain': [
    ['/data/nested/a', bind('/srv/app/data2/a')],
    ['/link/vol/a', { ...whole, subpath: 'a', source: '/var/lib/containers/storage/volumes/vol/_data/a' }],
    ['/var/run/docker.sock', bind('/run/podman/podman.sock')],
    ['/ro', bind('/srv/app/ro', { readOnly: true })],
    ['/data/quick/a', /a tmpfs: memory of this container alone/],
    ['/run/.containerenv', /is made for each container/],
  ],
  'podman-4.3-hostdev': [
    ['/host/etc', bind('/etc', { readOnly: true })],
    ['/host/srv/nfs/a', bind('/srv/nfs/a', { readOnly: true })],
    // It cannot be told from a tmpfs of this container's own.
    ['/host/run/podman.sock', /lies in \/host\/run, a mount \(tmpfs\) that the engine does not tell of/],
  ],
};

it('tests each sample', () => {
  expect(Object.keys(becomes).toSorted()).toEqual(samples.map(({ name }) => name).toSorted());
});

describe.each(samples)('$name: $shows', ({ name, self, view }) => {
  it.each(becomes[name] ?? [])('%s', (path, expected) => {
    const translate = () => hostPathOf(path, self, view);
    if (expected instanceof RegExp) {
      expect(translate).toThrow(InvalidRequestError);
      expect(translate).toThrow(expected);
    } else expect(translate()).toMatchObject(expected);
  });
});

describe('all that is below a folder', () => {
  const mountAt = (source: string, name: string) => {
    const { self, view } = sample(name);
    const addition = { text: `${source}:/x`, type: 'bind', source, target: '/x', readOnly: false } as const;
    return translateMounts([addition], self, view, { volumeSubpath: true });
  };

  it.each(['docker-20.10-plain', 'podman-4.3-plain'])('is carried along, and a tmpfs is named, on %s', (name) => {
    const { mounts, notes } = mountAt('/data', name);
    expect(mounts[0]).toEqual({ type: 'bind', source: '/srv/app/data', target: '/x' });
    expect(mounts.slice(1)).toHaveLength(2);
    expect(mounts).toContainEqual({ type: 'bind', source: '/srv/app/data2', target: '/x/nested' });
    const volumeOptions = { noCopy: true };
    expect(mounts).toContainEqual({ type: 'volume', source: 'vol', target: '/x/vol', volumeOptions });
    expect(notes).toEqual([
      expect.stringMatching(/^\/data:\/x: \/data\/quick is a tmpfs.*nothing of it at \/x\/quick$/),
    ]);
  });

  it.each(['docker-28.5-hostdev', 'podman-4.3-hostdev'])(
    'comes with the host’s root, without a word, on %s',
    (name) => {
      const { mounts, notes } = mountAt('/host', name);
      expect(mounts).toMatchObject([{ type: 'bind', source: '/', readOnly: true }]);
      expect(notes).toEqual(['/host:/x: /x is read-only in the sibling, as /host is here']);
    },
  );

  it('is named where it was mounted by hand', () => {
    const { mounts, notes } = mountAt('/data', 'docker-28.5-privileged');
    expect(mounts).toEqual([{ type: 'bind', source: '/srv/app/data', target: '/x' }]);
    expect(notes).toEqual([
      expect.stringContaining('/data/sub is a mount'),
      expect.stringContaining('/data/vol is one of'),
    ]);
  });
});
