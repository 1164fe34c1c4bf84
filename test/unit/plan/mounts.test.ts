import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFields } from '../../../src/plan/csv.ts';
import { type MountAddition, parseMount } from '../../../src/plan/mounts.ts';
import { parseSize } from '../../../src/plan/size.ts';

const bind = { type: 'bind', readOnly: false };
const volume = { type: 'volume', readOnly: false };

describe('parseMount', () => {
  it.each([
    ['/data', { ...volume, target: '/data' }],
    ['/a:/b', { ...bind, source: '/a', target: '/b' }],
    ['./a:/b:ro', { ...bind, source: './a', target: '/b', readOnly: true }],
    ['..:/b:rw', { ...bind, source: '..', target: '/b' }],
    ['/a:/b:ro,rslave', { ...bind, source: '/a', target: '/b', readOnly: true, propagation: 'rslave' }],
    ['/a b,c=d:/e f', { ...bind, source: '/a b,c=d', target: '/e f' }],
    ['/:/host:rprivate', { ...bind, source: '/', target: '/host', propagation: 'rprivate' }],
    ['cache:/b', { ...volume, source: 'cache', target: '/b' }],
    ['cache:/b/./c//:nocopy,ro', { ...volume, source: 'cache', target: '/b/c', noCopy: true, readOnly: true }],
    ['type=bind,source=/a,target=/b', { ...bind, source: '/a', target: '/b' }],
    ['type=bind,src=.,dst=/b,ro', { ...bind, source: '.', target: '/b', readOnly: true }],
    ['readonly,type=bind,src=/a,destination=/b', { ...bind, source: '/a', target: '/b', readOnly: true }],
    ['type=bind,src=/a,dst=/b,readonly=false', { ...bind, source: '/a', target: '/b' }],
    ['type=bind,"src=/a,b:c",dst=/b', { ...bind, source: '/a,b:c', target: '/b' }],
    [
      'type=bind,src=/a,dst=/b,bind-propagation=shared,bind-nonrecursive',
      { ...bind, source: '/a', target: '/b', propagation: 'shared', nonRecursive: true },
    ],
    ['target=/b', { ...volume, target: '/b' }],
    [
      'type=volume,source=vol,target=/b,volume-nocopy=true,volume-subpath=a/b',
      { ...volume, source: 'vol', target: '/b', noCopy: true, subpath: 'a/b' },
    ],
    ['type=tmpfs,target=/t', { type: 'tmpfs', readOnly: false, target: '/t' }],
    [
      'type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1777,ro=1',
      { type: 'tmpfs', readOnly: true, target: '/t', tmpfsSize: 67_108_864, tmpfsMode: 0o1777 },
    ],
  ])('%s', (text, expected) => {
    expect(parseMount(text)).toEqual({ text, ...expected });
  });

  it.each(['type=bind,"source=/a"b,target=/c', 'type=bind,"source=/a,target=/c', 'type=bind,sou"rce=/a,target=/c'])(
    'refuses %s',
    (text) => {
      expect(() => parseMount(text)).toThrow('double quote');
    },
  );

  const path = fc.stringMatching(/^(?:\/[a-z ,="_-][a-z0-9 ,="._-]{0,7}){1,3}$/);
  const name = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,8}$/);
  const propagation = fc.constantFrom('private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave');
  const common = { target: path, readOnly: fc.boolean() };
  const mounts = fc.oneof(
    fc.record(
      {
        ...common,
        type: fc.constant('bind' as const),
        source: fc.oneof(
          path,
          path.map((text) => `.${text}`),
        ),
        propagation,
        nonRecursive: fc.boolean(),
      },
      { requiredKeys: ['type', 'source', 'target', 'readOnly'] },
    ),
    fc.record(
      { ...common, type: fc.constant('volume' as const), source: name, noCopy: fc.boolean(), subpath: name },
      { requiredKeys: ['type', 'source', 'target', 'readOnly'] },
    ),
    fc.record(
      {
        ...common,
        type: fc.constant('tmpfs' as const),
        tmpfsSize: fc.integer({ min: 1 }),
        tmpfsMode: fc.integer({ min: 0, max: 0o7777 }),
      },
      { requiredKeys: ['type', 'target', 'readOnly'] },
    ),
  );

  it('reads back what is written in the long form', () => {
    fc.assert(
      fc.property(mounts, (mount: Omit<MountAddition, 'text'>) => {
        const fields = {
          type: mount.type,
          source: mount.source,
          target: mount.target,
          readonly: mount.readOnly,
          'bind-propagation': mount.propagation,
          'bind-nonrecursive': mount.nonRecursive,
          'volume-nocopy': mount.noCopy,
          'volume-subpath': mount.subpath,
          'tmpfs-size': mount.tmpfsSize,
          'tmpfs-mode': mount.tmpfsMode?.toString(8),
        };
        const text = Object.entries(fields)
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => `${key}=${value}`)
          .map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
          .join(',');
        expect(parseMount(text)).toEqual({ text, ...mount });
      }),
    );
  });

  it('reads back what is written in the short form', () => {
    const source = fc.oneof(path, name);
    fc.assert(
      fc.property(source, path, fc.boolean(), (source, target, readOnly) => {
        const text = `${source}:${target}${readOnly ? ':ro' : ''}`;
        const type = source.startsWith('/') ? 'bind' : 'volume';
        expect(parseMount(text)).toEqual({ text, type, source, target, readOnly });
      }),
    );
  });

  it('gives a mount below / or an Error with a message, for any text', () => {
    const piece = fc.constantFrom(
      '/a',
      '.',
      '..',
      'vol',
      ':',
      ',',
      '=',
      'ro',
      'type=bind',
      'target=',
      'source=',
      '"',
      'x',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            return /^\/./.test(parseMount(text).target);
          } catch (error) {
            return error instanceof Error && error.message !== '';
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('splitFields', () => {
  it('parts what was joined', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (fields) => {
        const text = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
        expect(splitFields(text)).toEqual(fields);
      }),
    );
  });
});

describe('parseSize', () => {
  it.each([
    ['65536', 65_536],
    ['1b', 1],
    ['64k', 65_536],
    ['64KB', 65_536],
    ['64KiB', 65_536],
    ['1.5m', 1_572_864],
    ['2g', 2_147_483_648],
    ['1T', 1_099_511_627_776],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
});
