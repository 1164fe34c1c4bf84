import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import {
  loadImages,
  nerdctlOk,
  nerdctlOnPath,
  offshootImages,
  payloadImage,
  whyNoContainerdHost,
} from '../support/containerd-host.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;
const namespace = 'tinkerbell';

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)('a host of containerd %s' + because, (version) => {
  let host: ContainerdHost;
  const ok = (...args: string[]): Promise<string> => nerdctlOk(host, ...args);
  /** The output of a container. */
  const run = (...args: string[]): Promise<string> => ok('run', '--rm', '--quiet', ...args);

  beforeAll(async () => {
    host = await startContainerdHost({ nerdctl: nerdctlOnPath() ?? '', version, namespace });
    await loadImages(host, inject('engines'), [payloadImage, ...offshootImages]);
    return () => host.stop();
  });

  it('is of the version asked for', async () => {
    const answer = JSON.parse(await ok('version', '--format', 'json')) as Version;
    const { Version: found } = answer.Server.Components.find(({ Name }) => Name === 'containerd') ?? {};
    expect(found?.startsWith(`${version}.`) || found?.startsWith(version)).toBe(true);
    expect(await ok('info', '--format', '{{.CgroupVersion}} {{.Driver}}')).toBe(`${version === '2' ? 2 : 1} overlayfs`);
  });

  it('runs containers on its bridge, on its own network, and on none', async () => {
    const list = ['sh', '-c', 'ls /sys/class/net; ping -c 1 -w 5 10.4.0.1 >/dev/null && echo reached'];
    expect((await run(payloadImage, ...list)).split('\n')).toEqual(['eth0', 'lo', 'reached']);
    const ofHost = (await run('--net', 'host', payloadImage, ...list)).split('\n');
    expect(ofHost).toContain('nerdctl0');
    expect(ofHost).toContain('reached');
    expect(await run('--net', 'none', payloadImage, 'ls', '/sys/class/net')).toBe('lo');
  });

  it('publishes ports', async () => {
    const serve = ['sh', '-c', 'while :; do echo hello | nc -l -p 80; done'];
    const id = await ok('run', '--detach', '--publish', '8080:80', payloadImage, ...serve);
    const [file, ...enter] = host.enter;
    const ask = [...enter, 'busybox', 'nc', '-w', '5', '10.4.0.1', '8080'];
    // Nobody listens at first.
    const asked = async (): Promise<string> => (await execa(file, ask, { stdin: 'ignore', reject: false })).stdout;
    await expect.poll(asked, { timeout: 5000 }).toBe('hello');
    await ok('rm', '--force', id);
  });

  it('is met by nsenter from a privileged container with its process ids', async () => {
    const enter = ['nsenter', '-t', '1', '-m', '-u', '-i', '-n', '-p', '--', 'nerdctl', '--namespace', namespace];
    const flags = ['--privileged', '--pid', 'host', '--name', `from-within-${version}`];
    const names = await run(...flags, payloadImage, ...enter, 'ps', '--format', '{{.Names}}');
    expect(names.split('\n')).toEqual([`from-within-${version}`]);
    // A container that such a container makes: its hooks find nerdctl, too.
    const more = ['run', '--rm', payloadImage, 'echo', 'made from within'];
    expect(await run('--privileged', '--pid', 'host', payloadImage, ...enter, ...more)).toBe('made from within');
  });

  it('gives what this machine can give where a container asks for all', async () => {
    const bounding = 'grep CapBnd /proc/self/status';
    const own = /^CapBnd:\s*(\w+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
    expect(await run('--privileged', payloadImage, 'sh', '-c', bounding)).toContain(own);
    expect(await run('--cap-add', 'ALL', payloadImage, 'sh', '-c', bounding)).toContain(own);
  });

  it('tells everything about a container in native mode, in its own namespace', async () => {
    const id = await ok('create', '--name', 'native', '--workdir', '/tmp', payloadImage, 'sleep', '1');
    const [found] = JSON.parse(await ok('inspect', '--mode=native', id)) as Native[];
    expect(found).toMatchObject({ ID: id, Labels: { 'nerdctl/name': 'native', 'nerdctl/namespace': namespace } });
    expect(found?.Spec.process).toMatchObject({ args: ['sleep', '1'], cwd: '/tmp' });
    // The hooks' environment is nerdctl's: nothing of ours.
    const hooks = found?.Spec.hooks.createRuntime[0];
    expect(hooks?.path).toBe('/usr/local/bin/nerdctl');
    expect([...new Set(hooks?.env.map((variable) => variable.split('=')[0]))]).toEqual(['PATH', 'HOME']);
    expect((await host.nerdctl(['inspect', id], { namespace: 'default' })).exitCode).toBe(1);
    await ok('rm', id);
  });

  it('runs the images of offshoot', async () => {
    expect(await run('--entrypoint', 'offshoot', 'offshoot:dev', '--version')).toMatch(/^offshoot \d/);
  });

  it('hides the folders and the control groups of this machine', async () => {
    const paths = '/etc/cni/net.d /var/lib/nerdctl /var/lib/cni /etc/nerdctl'.split(' ');
    const before = paths.map((path) => existsSync(path));
    expect(await run('--cgroupns', 'host', payloadImage, 'cat', '/proc/self/cgroup')).toMatch(
      new RegExp(String.raw`^\d+:\w*:/${namespace}/[0-9a-f]{64}$`, 'm'),
    );
    expect(paths.map((path) => existsSync(path))).toEqual(before);
  });
});

interface Version {
  Server: { Components: { Name: string; Version: string }[] };
}

interface Native {
  ID: string;
  Labels: Record<string, string>;
  Spec: { process: object; hooks: { createRuntime: { path: string; env: string[] }[] } };
}
