import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { translateMounts } from '../../../src/paths/translate.ts';
import type { MountAddition } from '../../../src/plan/mounts.ts';
import { type Mounted, type Told, world } from './world.ts';

const volume = { type: 'volume', name: 'vol', driver: 'local', source: '/docker/volumes/vol/_data' };

function addition(source: string | undefined, target: string, more: Partial<MountAddition> = {}): MountAddition {
  return { text: `${source}:${target}`, type: 'bind', source, target, readOnly: false, ...more };
}

function translate(
  additions: readonly MountAddition[],
  mounted: readonly Mounted[],
  told?: Told,
  volumeSubpath = true,
) {
  const { self, view } = world(mounted, told);
  return translateMounts(additions, self, view, { volumeSubpath });
}

describe('a path', () => {
  const mounted = [
    { at: '/d', source: '/srv/d' },
    { at: '/ro', source: '/srv/ro', readOnly: true },
    { at: '/slave', source: '/srv/s' },
    { at: '/v', ...volume },
  ];
  const settings = { binds: ['/srv/s:/slave:rslave'] };

  it.each<[what: string, MountAddition, expected: object]>([
    ['of a folder', addition('/d/x', '/t'), { type: 'bind', source: '/srv/d/x', target: '/t' }],
    [
      'read-only',
      addition('/d', '/t', { readOnly: true }),
      { type: 'bind', source: '/srv/d', target: '/t', readOnly: true },
    ],
    ['read-only here', addition('/ro', '/t'), { type: 'bind', source: '/srv/ro', target: '/t', readOnly: true }],
    [
      'with the propagation that it has here',
      addition('/slave', '/t'),
      { type: 'bind', source: '/srv/s', target: '/t', bindOptions: { propagation: 'rslave' } },
    ],
    [
      'with another propagation',
      addition('/slave', '/t', { propagation: 'rprivate', nonRecursive: true }),
      { type: 'bind', source: '/srv/s', target: '/t', bindOptions: { propagation: 'rprivate', nonRecursive: true } },
    ],
    [
      'of a volume',
      addition('/v', '/t'),
      { type: 'volume', source: 'vol', target: '/t', volumeOptions: { noCopy: true } },
    ],
    [
      'in a volume',
      addition('/v/a', '/t', { readOnly: true }),
      { type: 'volume', source: 'vol', target: '/t', readOnly: true, volumeOptions: { noCopy: true, subpath: 'a' } },
    ],
  ])('%s', (_, asked, expected) => {
    expect(translate([asked], mounted, { settings }).mounts).toEqual([expected]);
  });

  it('that stays read-only is told', () => {
    expect(translate([addition('/ro', '/t')], mounted).notes).toEqual([
      '/ro:/t: /t is read-only in the sibling, as /ro is here',
    ]);
    expect(translate([addition('/ro', '/t', { readOnly: true })], mounted).notes).toEqual([]);
  });

  it('in a volume is one of the host where the engine mounts only whole volumes', () => {
    const { mounts } = translate(
      [addition('/v/a', '/t', { readOnly: true }), addition('/v', '/u')],
      mounted,
      {},
      false,
    );
    expect(mounts).toEqual([
      { type: 'bind', source: '/docker/volumes/vol/_data/a', target: '/t', readOnly: true },
      { type: 'volume', source: 'vol', target: '/u', volumeOptions: { noCopy: true } },
    ]);
  });
});

describe('a volume or a tmpfs', () => {
  it.each<[Partial<MountAddition>, expected: object]>([
    [
      { type: 'volume', source: 'v' },
      { type: 'volume', source: 'v' },
    ],
    [{ type: 'volume', source: undefined }, { type: 'volume' }],
    [
      { type: 'volume', source: 'v', readOnly: true, noCopy: true, subpath: 'a' },
      { type: 'volume', source: 'v', readOnly: true, volumeOptions: { noCopy: true, subpath: 'a' } },
    ],
    [{ type: 'tmpfs', source: undefined }, { type: 'tmpfs' }],
    [
      { type: 'tmpfs', source: undefined, tmpfsSize: 1024, tmpfsMode: 0o700 },
      { type: 'tmpfs', tmpfsOptions: { sizeBytes: 1024, mode: 0o700 } },
    ],
  ])('%j', (asked, expected) => {
    expect(translate([addition('', '/t', asked)], [])).toEqual({ mounts: [{ target: '/t', ...expected }], notes: [] });
  });
});

describe('what is mounted below a path', () => {
  const mounted = [
    { at: '/d', source: '/srv/d' },
    { at: '/d/in', source: '/srv/in', readOnly: true },
    { at: '/d/in/v', ...volume, root: '/docker/volumes/vol/_data/part' },
    { at: '/d/t', type: 'tmpfs', source: '', fileSystem: 'tmpfs' },
    { at: '/d/t/deep', source: '/srv/deep' },
    { at: '/d2', source: '/srv/no' },
  ];
  const targets = (additions: readonly MountAddition[]) =>
    translate(additions, mounted).mounts.map(({ source, target, readOnly = false }) => ({ source, target, readOnly }));

  it('is carried along', () => {
    const { mounts, notes } = translate([addition('/d', '/x')], mounted);
    expect(mounts).toEqual([
      { type: 'bind', source: '/srv/d', target: '/x' },
      { type: 'bind', source: '/srv/in', target: '/x/in', readOnly: true },
      { type: 'volume', source: 'vol', target: '/x/in/v', volumeOptions: { noCopy: true, subpath: 'part' } },
    ]);
    expect(notes).toEqual([
      '/d:/x: /d/t is a tmpfs: memory of this container alone; mount a volume or a folder of the host there, or copy the ' +
        'files. The sibling has nothing of it at /x/t',
    ]);
  });

  it('is read-only when that was asked for the whole', () => {
    expect(targets([addition('/d', '/x', { readOnly: true })]).map(({ readOnly }) => readOnly)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is left out of a mount that is not recursive', () => {
    expect(translate([addition('/d', '/x', { nonRecursive: true })], mounted)).toEqual({
      mounts: [{ type: 'bind', source: '/srv/d', target: '/x', bindOptions: { nonRecursive: true } }],
      notes: [],
    });
  });

  it('gives way to what is asked for at its place, or above it', () => {
    const at = (target: string) => targets([addition('/d', '/x'), addition('/d2', target)]);
    expect(at('/x/in')).toEqual([
      { source: '/srv/d', target: '/x', readOnly: false },
      { source: '/srv/no', target: '/x/in', readOnly: false },
    ]);
    expect(at('/x/in/v')).toContainEqual({ source: '/srv/in', target: '/x/in', readOnly: true });
    expect(at('/x/in/v')).not.toContainEqual(expect.objectContaining({ source: 'vol' }));
    expect(translate([addition('/d', '/x'), addition('/d2', '/x/t')], mounted).notes).toEqual([]);
    // A neighbour, and the folder around it, are other places.
    expect(at('/x/i')).toHaveLength(4);
    expect(at('/')).toHaveLength(4);
  });

  it('is named where the engine cannot mount it', () => {
    const foreign = { at: '/d/v', ...volume, driver: 'nfs', source: '', root: '/export' };
    const settings = { mounts: [{ type: 'volume', target: '/d/v', volumeOptions: { subpath: 'part' } }] };
    const { mounts, notes } = translate([addition('/d', '/x')], [{ at: '/d' }, foreign], { settings }, false);
    expect(mounts).toHaveLength(1);
    expect(notes).toEqual([
      expect.stringMatching(/^\/d:\/x: \/d\/v lies in the volume vol of the driver nfs, and this/),
    ]);
  });

  it('is not named where each container has its own', () => {
    const mountEtc = (target: string) => translate([addition('/etc', target)], [{ at: '/etc', source: '/srv/etc' }]);
    expect(mountEtc('/etc').notes).toEqual([]);
    expect(mountEtc('/x').notes).toEqual([expect.stringMatching(/\/etc\/hosts is made for each container/)]);
  });
});

it('says all that is wrong at once, each with what was written', () => {
  const mounted = [{ at: '/v', ...volume, driver: 'nfs' }];
  const additions = [
    addition('/etc/passwd', '/a'),
    addition('/gone', '/b'),
    addition('/v/x', '/c'),
    addition('vol', '/d', { type: 'volume', subpath: 'x' }),
    addition('/v', '/e', { propagation: 'rshared' }),
    addition('/v', '/fine'),
  ];
  const failure = (() => {
    try {
      return translate(additions, mounted, { missing: ['/gone'] }, false);
    } catch (error) {
      return error;
    }
  })();
  expect(failure).toBeInstanceOf(InvalidRequestError);
  expect((failure as InvalidRequestError).mistakes.map(({ name }) => name)).toEqual(Array(5).fill('OFFSHOOT_MOUNT'));
  expect((failure as InvalidRequestError).mistakes.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/^\/etc\/passwd:\/a: \/etc\/passwd lies in the container's own file system/),
    '/gone:/b: /gone does not exist in this container',
    expect.stringMatching(/^\/v\/x:\/c: \/v\/x lies in the volume vol of the driver nfs.*API 1\.45 or newer$/),
    expect.stringMatching(/^vol:\/d: this engine cannot mount a part of a volume/),
    '/v:/e: /v lies in the volume vol, and only a folder of the host can have rshared',
  ]);
});
