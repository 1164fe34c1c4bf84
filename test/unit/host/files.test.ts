import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors.ts';
import { readHost } from '../../../src/host/host-view.ts';
import { resolvConfSource } from '../../../src/host/resolv-conf.ts';
import { detectRootless, type RootlessMode } from '../../../src/host/rootless.ts';
import { timezoneSpec } from '../../../src/host/timezone.ts';
import { fakeHost } from '../../support/fake-host.ts';

describe('resolvConfSource', () => {
  const resolved = '/run/systemd/resolve/resolv.conf';
  const stub = 'nameserver 127.0.0.53\noptions edns0\n';
  it.each([
    [
      'that of the host',
      { '/etc/resolv.conf': 'nameserver 10.0.0.2\n', [resolved]: 'nameserver 9.9.9.9\n' },
      '/etc/resolv.conf',
    ],
    [
      'one with a loopback and another',
      { '/etc/resolv.conf': 'nameserver ::1\nnameserver fe80::1%eth0\n' },
      '/etc/resolv.conf',
    ],
    ['behind the stub', { '/etc/resolv.conf': stub, [resolved]: 'nameserver 10.0.0.2\n' }, resolved],
    ['behind no file at all', { [resolved]: 'nameserver 10.0.0.2\n' }, resolved],
    ['a stub with nobody behind it', { '/etc/resolv.conf': stub, [resolved]: '# none\n' }, '/data/resolv.conf'],
    ['a server of this host alone', { '/etc/resolv.conf': 'nameserver 127.0.0.1\n' }, '/data/resolv.conf'],
    ['one without servers', { '/etc/resolv.conf': 'search example.org\n' }, '/data/resolv.conf'],
    ['none', {}, '/data/resolv.conf'],
  ])('%s', (_, files, path) => {
    const host = fakeHost({ files });
    expect(resolvConfSource('/data', host)).toBe(path);
    if (path.startsWith('/data')) expect(host.read(path)).toBe('nameserver 1.1.1.1\nnameserver 8.8.8.8\n');
  });

  it('takes a fallback that is there as it is', () => {
    const host = fakeHost({ files: { '/data/resolv.conf': 'nameserver 10.9.8.7\n' } });
    expect(resolvConfSource('/data', host)).toBe('/data/resolv.conf');
    expect(host.read('/data/resolv.conf')).toBe('nameserver 10.9.8.7\n');
  });

  it.each(['', 'data', undefined])('refuses %j as a folder', (folder) => {
    expect(() => resolvConfSource(folder as string, fakeHost({}))).toThrow(InvalidArgumentError);
  });

  it('writes a file that a container may read, in a folder of its own', () => {
    const above = mkdtempSync(join(tmpdir(), 'offshoot-host-'));
    try {
      const host = {
        ...readHost(),
        read: (path: string) => (path.startsWith(above) ? readHost().read(path) : undefined),
      };
      const path = resolvConfSource(join(above, 'new'), host);
      expect(readFileSync(path, 'utf8')).toContain('nameserver');
      expect(statSync(path).mode & 0o777).toBe(0o644);
      expect(statSync(join(above, 'new')).mode & 0o777).toBe(0o750);
    } finally {
      rmSync(above, { recursive: true });
    }
  });

  it('does not take a file that may not be read for one that is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'offshoot-host-'));
    try {
      writeFileSync(join(folder, 'file'), '');
      expect(readHost().read(join(folder, 'file/below'))).toBeUndefined();
      expect(() => readHost().read(folder)).toThrow('EISDIR');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('timezoneSpec', () => {
  const berlin = '/usr/share/zoneinfo/Europe/Berlin';
  const linked = { '/etc/localtime': berlin, [berlin]: berlin };
  const of = (source: string, ...targets: string[]): object[] =>
    targets.map((target) => ({ type: 'bind', source, target, readOnly: true }));
  it.each([
    ['nothing', {}, {}, {}, [], []],
    ['a link', {}, {}, linked, ['TZ=Europe/Berlin'], of(berlin, '/etc/localtime', berlin)],
    ['a copy', {}, { '/etc/localtime': 'TZif' }, {}, [], of('/etc/localtime', '/etc/localtime')],
    [
      'a copy with its name',
      {},
      { '/etc/localtime': 'TZif', '/etc/timezone': 'Europe/Berlin\n' },
      { [berlin]: berlin },
      ['TZ=Europe/Berlin'],
      of(berlin, '/etc/localtime', berlin),
    ],
    [
      'a link, and an old name',
      {},
      { '/etc/timezone': 'Asia/Tokyo\n' },
      linked,
      ['TZ=Europe/Berlin'],
      of(berlin, '/etc/localtime', berlin),
    ],
    [
      'TZ, by a name that is a link',
      { TZ: 'Japan' },
      {},
      { ...linked, '/usr/share/zoneinfo/Japan': '/usr/share/zoneinfo/Asia/Tokyo' },
      ['TZ=Japan'],
      of('/usr/share/zoneinfo/Asia/Tokyo', '/etc/localtime', '/usr/share/zoneinfo/Japan'),
    ],
    [
      'TZ with a colon',
      { TZ: ':Europe/Berlin' },
      {},
      linked,
      ['TZ=Europe/Berlin'],
      of(berlin, '/etc/localtime', berlin),
    ],
    ['TZ as a path', { TZ: `:${berlin}` }, {}, linked, ['TZ=Europe/Berlin'], of(berlin, '/etc/localtime', berlin)],
    ['TZ without a file', { TZ: 'UTC' }, {}, {}, ['TZ=UTC'], []],
    ['TZ as a rule', { TZ: 'CET-1CEST,M3.5.0,M10.5.0/3' }, {}, {}, ['TZ=CET-1CEST,M3.5.0,M10.5.0/3'], []],
    ['an empty TZ', { TZ: '' }, {}, linked, ['TZ=Europe/Berlin'], of(berlin, '/etc/localtime', berlin)],
    ['TZ that leads elsewhere', { TZ: '../../etc/shadow' }, {}, {}, [], []],
  ])('%s', (_, env, files, links, variables, mounts) => {
    expect(timezoneSpec(env, fakeHost({ files, links }))).toEqual({ env: variables, mounts });
  });

  it('names no link of this host as a source, which an engine would mount as it is', () => {
    const { mounts } = timezoneSpec({});
    for (const { source } of mounts) expect(readHost().realpath(source ?? '')).toBe(source);
  });
});

describe('detectRootless', () => {
  const within = { '/proc/self/uid_map': '         0       1000          1\n' };
  it.each([
    ['root', { uid: 0 }, 'auto', false],
    ['a user', { uid: 1000 }, 'auto', true],
    ['root of a user namespace', { uid: 0, files: within }, 'auto', true],
    ['a user who has it disabled', { uid: 1000 }, 'disabled', false],
    ['a user who wants it', { uid: 1000 }, 'enabled', true],
  ] as const)('%s', (_, view, mode, rootless) => {
    expect(detectRootless(mode, fakeHost(view))).toEqual({ rootless, reason: expect.stringMatching(/./) as string });
  });

  it('cannot be had as root', () => {
    expect(() => detectRootless('enabled', fakeHost({ uid: 0 }))).toThrow(
      /mode: "enabled": expected a user other than root/,
    );
    expect(() => detectRootless('on' as RootlessMode, fakeHost({}))).toThrow(InvalidArgumentError);
  });
});
