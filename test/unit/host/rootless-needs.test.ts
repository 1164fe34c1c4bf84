import { describe, expect, it } from 'vitest';
import { InvalidArgumentError, NotSupportedError } from '../../../src/errors.ts';
import { startCommand, startEnvironment } from '../../../src/host/rootless-command.ts';
import { containerdDaemon } from '../../../src/host/rootless-daemon.ts';
import { findPrograms, missingFor } from '../../../src/host/rootless-needs.ts';
import { rootlessPlaces } from '../../../src/host/rootless-places.ts';
import { type FakeHost, fakeHost } from '../../support/fake-host.ts';

const env = { PATH: '/opt/bin:relative', HOME: '/home/me' };
const programs = ['rootlesskit', 'containerd', 'newuidmap', 'newgidmap', 'slirp4netns', 'ip'].map(
  (name) => `/usr/bin/${name}`,
);
const files = {
  '/etc/passwd': 'root:x:0:0\nme:x:1000:1000::/home/me:/bin/sh\n',
  '/etc/subuid': 'me:100000:65536\n',
  '/etc/subgid': '1000:100000:65536',
};
const complete: FakeHost = { uid: 1000, programs, files, writable: ['/run/user/1000', '/dev/net/tun'] };

function missing(more: FakeHost, given = {}): string[] {
  const host = fakeHost({ ...complete, ...more });
  return missingFor(findPrograms(env, given, host), { env, places: rootlessPlaces(env, host), host });
}

describe('what a containerd without root needs', () => {
  it('is there', () => {
    expect(missing({})).toEqual([]);
    expect(missing({ programs: programs.map((path) => path.replace('/usr/bin', '/opt/bin')) })).toEqual([]);
    expect(
      missing({
        programs: [...programs.filter((path) => !/slirp|ip$/.test(path)), '/usr/bin/pasta'],
        writable: ['/run/user/1000'],
      }),
    ).toEqual([]);
  });

  it.each([
    ['programs', { programs: [] }, ['rootlesskit (', 'containerd (', 'newuidmap and', 'one of slirp4netns']],
    ['a tunnel', { writable: ['/run/user/1000'] }, ['the right to use /dev/net/tun']],
    ['a session', { writable: ['/dev/net/tun'] }, ['a folder /run/user/1000']],
    [
      'ranges',
      { files: { '/etc/subuid': 'you:100000:65536\nme:1:0' } },
      ['a range of ids for user 1000 in /etc/subuid', 'a range of ids for user 1000 in /etc/subgid'],
    ],
    ['namespaces', { files: { ...files, '/proc/sys/user/max_user_namespaces': '0\n' } }, ['user namespaces']],
  ])('is named where it is missing: %s', (_, more, named) => {
    expect(missing(more)).toEqual(named.map((text) => expect.stringContaining(text) as string));
  });

  it('is what is named, and not looked for elsewhere', () => {
    expect(missing({}, { containerd: '/nowhere' })).toEqual(['containerd (package containerd)']);
  });
});

it("nerdctl's own script is taken where it is there", () => {
  const host = fakeHost({ ...complete, programs: [...programs, '/opt/bin/containerd-rootless.sh'] });
  const places = rootlessPlaces(env, host);
  expect(startCommand(findPrograms(env, {}, host), places)).toEqual(['/opt/bin/containerd-rootless.sh']);
  expect(startCommand(findPrograms(env, {}, fakeHost(complete)), places)).toEqual(
    expect.arrayContaining([
      '/usr/bin/rootlesskit',
      '--net=slirp4netns',
      '--state-dir=/run/user/1000/containerd-rootless',
      '/usr/bin/containerd',
    ]),
  );
});

it('the daemon gets of our environment what it needs', () => {
  const all = {
    ...env,
    https_proxy: 'http://proxy',
    CONTAINERD_SNAPSHOTTER: 'native',
    SECRET: 'x',
    XDG_DATA_HOME: '/data',
  };
  expect(startEnvironment(all, rootlessPlaces(all, { uid: 7 }))).toEqual({
    ...{ HOME: '/home/me', https_proxy: 'http://proxy', CONTAINERD_SNAPSHOTTER: 'native' },
    ...{ XDG_RUNTIME_DIR: '/run/user/7', XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/home/me/.config' },
    PATH: '/opt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  });
});

it('is not for root', async () => {
  const root = fakeHost({ files: { '/etc/nerdctl/nerdctl.toml': 'address = "/nowhere.sock"' } });
  await expect(containerdDaemon({ env }, root).ensureStarted()).rejects.toThrow(NotSupportedError);
  expect(() => containerdDaemon({ env, mode: 'enabled' }, root)).toThrow(InvalidArgumentError);
  expect(await containerdDaemon({ env }, root).stop()).toEqual({ stopped: false });
  await expect(
    containerdDaemon({ env }, root).ensureStarted({ signal: AbortSignal.abort(new Error('enough')) }),
  ).rejects.toThrow('enough');
});
