import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineUnavailableError } from '../../../../src/errors.ts';
import { namespaceInCgroup, ownPlace } from '../../../../src/runtime/nerdctl/connect/own-place.ts';
import { shimAround } from '../../../../src/runtime/nerdctl/connect/shim.ts';
import { abilitiesOf, versionsIn } from '../../../../src/runtime/nerdctl/connect/versions.ts';
import { findWay } from '../../../../src/runtime/nerdctl/command/way.ts';
import { recorded, recordOf, versions } from './recordings.ts';

const folder = mkdtempSync(join(tmpdir(), 'offshoot-way-'));
const address = join(folder, 'containerd.sock');
let server: Server;

beforeAll(async () => {
  for (const name of ['nerdctl', 'nsenter']) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  }
  server = createServer().listen(address);
  await new Promise((resolve) => server.on('listening', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

describe('nerdctl is run', () => {
  const env = { PATH: folder, CONTAINERD_ADDRESS: address, SECRET: 'hunter2', HOME: '/home/x' };
  const noSocket = { ...env, CONTAINERD_ADDRESS: '/nonexistent' };

  it('where we are, when it and its socket are here', () => {
    const way = findWay(env, 'auto', { first: 'another' });
    expect(way).toMatchObject({ onHost: false, enter: [], nerdctl: join(folder, 'nerdctl') });
    expect(Object.keys(way.env)).toEqual(['PATH', 'HOME']);
    expect(way.env['PATH']?.split(':')).toEqual(expect.arrayContaining([folder, '/usr/local/bin']));
  });

  it('on the host, when something is missing here', () => {
    const way = findWay(noSocket, 'auto', { first: 'another' });
    expect(way).toMatchObject({ onHost: true, nerdctl: 'nerdctl' });
    expect(way.enter).toEqual([join(folder, 'nsenter'), '-t', '1', '-m', '-u', '-i', '-n', '--']);
    // Nothing of the container's reaches the host.
    expect(way.env).toEqual({ PATH: expect.not.stringContaining(folder) as unknown, HOME: '/root' });
    expect(findWay(env, 'always', { first: 'another' }).onHost).toBe(true);
    // Whether we may look is nsenter's affair.
    expect(findWay(noSocket, 'auto', { first: 'unknown' }).onHost).toBe(true);
  });

  it('here alone, when we are told so: whether there is a socket is nerdctl’s affair', () => {
    expect(findWay(noSocket, 'never', { first: 'another' }).onHost).toBe(false);
  });

  it.each<[string, Parameters<typeof findWay>, says: RegExp]>([
    [
      'no socket and no way to the host',
      [noSocket, 'auto', { first: 'ours' }],
      /socket of containerd: \/nonexistent is missing/,
    ],
    ['a folder for a socket', [{ ...env, CONTAINERD_ADDRESS: folder }, 'auto', { first: 'ours' }], /is no socket/],
    ['always, with process ids of our own', [env, 'always', { first: 'ours' }], /process ids of its own/],
  ])('not at all: %s', (_, args, says) => {
    expect(() => findWay(...args)).toThrow(EngineUnavailableError);
    expect(() => findWay(...args)).toThrow(says);
  });
});

describe.each(versions)('where we are is told by our own mounts on containerd %s', (version) => {
  it.each(['plain', 'tinkerbell', 'of-full-image', 'tty'])('%s', (name) => {
    const mountinfo = recorded(version, name)['/proc/self/mountinfo'] as string;
    expect(ownPlace(mountinfo)).toEqual({ namespace: 'tinkerbell', id: recordOf(version, name).id });
  });

  it('not in what others made', () => {
    expect(ownPlace(recorded(version, 'made-by-ctr')['/proc/self/mountinfo'] as string)).toBeUndefined();
    expect(ownPlace('')).toBeUndefined();
  });
});

it('or by a control group, where it shows', () => {
  const cgroup = recorded('1.6', 'plain')['/proc/self/cgroup'] as string;
  expect(namespaceInCgroup(cgroup)).toBe('tinkerbell');
  expect(namespaceInCgroup('0::/')).toBeUndefined();
  expect(namespaceInCgroup(`1:name=systemd:/docker/${'a'.repeat(64)}`)).toBeUndefined();
});

describe('the shim that we descend from', () => {
  /** A /proc with these processes, each the child of the one before it; the last one is ours. */
  function procWith(...commands: (readonly string[])[]): string {
    const proc = mkdtempSync(join(folder, 'proc-'));
    const pids = commands.map((_, at) => (at === commands.length - 1 ? 'self' : String(at + 1)));
    for (const [at, words] of commands.entries()) {
      const place = join(proc, pids[at] ?? '');
      mkdirSync(place);
      writeFileSync(join(place, 'cmdline'), words.join('\0'));
      writeFileSync(join(place, 'status'), `Name:\tx\nPPid:\t${at}\n`);
    }
    return proc;
  }
  const init = ['/sbin/init'];

  it('tells namespace, id and socket', () => {
    const words = ['-namespace', 'k8s.io', '-id', 'abc', '-address', '/run/k3s/containerd/containerd.sock'];
    const proc = procWith(init, ['/usr/bin/containerd-shim-runc-v2', ...words], ['/sbin/tini'], ['node']);
    const address = '/run/k3s/containerd/containerd.sock';
    expect(shimAround(proc)).toEqual({ namespace: 'k8s.io', id: 'abc', address });
  });

  it('is the nearest one', () => {
    const shim = (id: string): string[] => ['containerd-shim', '-namespace', 'x', '-id', id];
    expect(shimAround(procWith(init, shim('outer'), ['dockerd'], shim('inner'), ['node']))).toMatchObject({
      id: 'inner',
    });
  });

  it.each([
    ['none', [init, ['bash'], ['node']]],
    ['one without words', [init, ['containerd-shim-runc-v2'], ['node']]],
    ['one whose words end too early', [init, ['containerd-shim-runc-v2', '-id', 'a', '-namespace'], ['node']]],
    ['process ids of our own', [['node']]],
  ])('is not there: %s', (_, commands) => {
    expect(shimAround(procWith(...commands))).toBeUndefined();
  });
});

describe('versions', () => {
  const answer = (nerdctl: string, containerd: string): string =>
    JSON.stringify({
      Client: { Version: nerdctl, Os: 'linux', Arch: 'amd64' },
      Server: { Components: [{ Name: 'containerd', Version: containerd }, { Name: 'runc' }] },
    });

  it.each([
    ['v2.2.2', '1.6.20~ds1', { nerdctl: '2.2.2', containerd: '1.6.20' }, false],
    ['2.3.5', 'v2.1.9+k3s1', { nerdctl: '2.3.5', containerd: '2.1.9' }, true],
    ['v2.0.0-rc.1', 'v1.7.0', { nerdctl: '2.0.0-rc.1', containerd: '1.7.0' }, true],
    ['<unknown>', '', { nerdctl: '<unknown>', containerd: '' }, true],
  ])('%s with containerd %s', (nerdctl, containerd, told, restartPolicies) => {
    expect(versionsIn(answer(nerdctl, containerd))).toEqual({ ...told, platform: 'linux/amd64' });
    expect(abilitiesOf({ ...told, platform: '' })).toEqual({ restartPolicies });
  });

  it.each(['v1.7.7', '0.22.2'])('%s is too old', (version) => {
    expect(() => versionsIn(answer(version, '1.7.0'))).toThrow(EngineUnavailableError);
    expect(() => versionsIn(answer(version, '1.7.0'))).toThrow('too old: offshoot needs 2.0 or newer');
  });
});
