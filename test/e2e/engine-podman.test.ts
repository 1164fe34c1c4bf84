import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, inject, it as plainIt } from 'vitest';
import { addPlugins, composePlugin, type Engine, startEngine, sweepEngines } from '../../tools/engines/index.ts';
import { eventually, labOn, labTest } from '../support/lab.ts';
import { tracesOf } from '../support/engine-traces.ts';
import { importBusybox } from '../support/payload-image.ts';

const busybox = 'offshoot-test/busybox:1';
const engines = inject('allEngines').filter(({ kind }) => kind.startsWith('podman-'));

describe.each(engines)('$kind as a test bench', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  it('speaks as Docker does, and shows the cgroups that it was started for', async ({ lab }) => {
    expect(engine).toMatchObject({ cgroup: engine.kind.endsWith('cgroup2') ? 2 : 1, imageStore: 'overlay' });
    expect(await lab.ok('version', '--format', '{{.Server.Version}} {{.Server.APIVersion}}')).toBe('4.3.1 1.41');
    const id = await lab.start({ image: busybox, socket: false, words: ['sleep', '600'] });
    const groups = await lab.ok('exec', id, 'cat', '/proc/self/cgroup');
    expect(groups).toContain(engine.cgroup === 2 ? '0::/' : `:memory:/libpod_parent/libpod-${id}`);
  });

  it('runs what was imported, and tells its end', async ({ lab }) => {
    const words = ['sh', '-c', 'echo out; echo err >&2; exit 7'];
    const { exitCode, self, stdout, stderr } = await lab.launch({ image: busybox, words });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 7, stdout: 'out', stderr: 'err' });
    expect(await lab.inspect(self)).toMatchObject({
      State: { Status: 'exited', ExitCode: 7 },
      Config: { Image: `docker.io/${busybox}`, Labels: { [lab.mark]: '' } },
    });
  });

  it('resolves names and aliases in a network of its own', async ({ lab }) => {
    const network = await lab.network('net');
    const flags = ['--network', network, '--network-alias', 'web'];
    const words = ['sh', '-c', 'echo hello >/tmp/index.html; exec httpd -f -h /tmp'];
    const id = await lab.start({ image: busybox, name: 'server', flags, words, socket: false });
    for (const name of ['web', lab.nameOf('server'), id.slice(0, 12)]) {
      const client = { image: busybox, flags: ['--network', network], words: ['wget', '-qO-', `http://${name}/`] };
      expect(await lab.launch({ ...client, socket: false })).toMatchObject({ exitCode: 0, stdout: 'hello' });
    }
  });

  it('keeps volumes', async ({ lab }) => {
    const flags = ['-v', `${await lab.volume('data')}:/data`];
    await lab.launch({ image: busybox, flags, words: ['sh', '-c', 'echo kept >/data/file'] });
    const { stdout } = await lab.launch({ image: busybox, flags, words: ['cat', '/data/file'] });
    expect(stdout).toBe('kept');
  });

  it.for([
    ['--privileged', 'test -e /dev/kmsg'],
    ['--init', 'grep -q init /proc/1/cmdline'],
    ['--ulimit=nofile=512:512', '[ $(ulimit -n) = 512 ]'],
    ['--ulimit=nofile=99999999:99999999', 'true'],
    ['--pid=host', 'grep -q world.sh /proc/1/cmdline'],
    ['--network=host', 'ip link show podman0'],
    ['--volume=/var/run/docker.sock:/s', 'test -S /s'],
    ['--volume=/var/run/podman/podman.sock:/s', 'test -S /s'],
  ])('takes %s', async ([flag = '', proof = ''], { lab }) => {
    // With one that uses the usual network next to it, because that has no interface before.
    await lab.start({ image: busybox, socket: false, words: ['sleep', '600'] });
    const request = { image: busybox, flags: [flag], words: ['sh', '-c', proof], socket: false } as const;
    expect(await lab.launch(request)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('is served by compose', async ({ lab }) => {
    const folder = await lab.folder();
    await addPlugins(folder, [await composePlugin()]);
    const service = { image: busybox, labels: { [lab.mark]: '' }, command: ['sleep', '600'] };
    await writeFile(join(folder, 'compose.yaml'), JSON.stringify({ services: { one: service } }));
    const compose = (...words: string[]) =>
      lab.spawn(engine.docker, ['compose', '--project-name', lab.mark, ...words], {
        cwd: folder,
        env: { DOCKER_HOST: engine.host, DOCKER_CONFIG: folder },
      });
    expect(await compose('up', '--detach')).toMatchObject({ exitCode: 0 });
    const [id = ''] = await lab.containers([`com.docker.compose.project=${lab.mark}`]);
    expect(await lab.inspect(id)).toMatchObject({ Name: `/${lab.mark}-one-1`, State: { Running: true } });
    expect(await compose('down', '--timeout', '0')).toMatchObject({ exitCode: 0 });
  });

  it('runs offshoot', async ({ lab }) => {
    const { exitCode, stdout } = await lab.launch({ words: ['offshoot', '--version'] });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^offshoot \d/) });
  });
});

describe.each(engines)('the life of a $kind', ({ kind }) => {
  /** A container with a network and a volume. */
  async function fill(engine: Pick<Engine, 'host' | 'socket' | 'docker'>): Promise<string> {
    await importBusybox(engine);
    const lab = labOn(engine);
    const belongings = ['--network', await lab.network('net'), '-v', `${await lab.volume('data')}:/d`];
    const flags = ['--restart', 'always', ...belongings];
    return lab.start({ image: busybox, flags, words: ['sleep', '600'], socket: false });
  }

  plainIt('goes on after its service was restarted or frozen, and its machine booted again', async () => {
    let engine = await startEngine(kind);
    try {
      const id = await fill(engine);
      const state = async () => (await labOn(engine).inspect(id)).State;
      const first = await state();
      const { daemonPid } = engine;
      await engine.restart({ signal: 'SIGKILL' });
      expect(engine.daemonPid).not.toBe(daemonPid);
      expect(await state()).toMatchObject({ Running: true, Pid: first.Pid });

      await engine.freeze();
      const answer = state();
      expect(await Promise.race([answer, sleep(300, 'nothing')])).toBe('nothing');
      engine.thaw();
      expect(await answer).toMatchObject({ Running: true });

      await labOn(engine).docker('run', '--privileged', '--pid', 'host', busybox, 'reboot', '-f');
      await engine.gone;
      engine = await startEngine(kind, { dir: engine.dir });
      await eventually(async () => expect(await state()).toMatchObject({ Running: true }));
      expect((await state()).StartedAt).not.toBe(first.StartedAt);
    } finally {
      await engine.stop();
    }
  });

  plainIt('leaves nothing when it is stopped', async () => {
    const engine = await startEngine(kind);
    try {
      await fill(engine);
      expect(await tracesOf(engine.dir)).toEqual(expect.arrayContaining(['conmon', 'podman', 'folder', 'cgroup']));
    } finally {
      await engine.stop();
    }
    expect(await tracesOf(engine.dir)).toEqual([]);
  });

  plainIt('leaves nothing that is not swept when its owner was killed', async () => {
    const program = fileURLToPath(new URL('../../tools/engines/run.ts', import.meta.url));
    const owner = execa(process.execPath, [program, kind]);
    owner.catch(() => {});
    let said = '';
    owner.stdout.on('data', (text: Buffer) => (said += text.toString()));
    const socket = await eventually(() => {
      expect(said).toContain('DOCKER_HOST=');
      return said.trim().replace('DOCKER_HOST=unix://', '');
    });
    const dir = socket.slice(0, socket.lastIndexOf('/'));
    await fill({ host: `unix://${socket}`, socket, docker: '/usr/bin/docker' });
    owner.kill('SIGKILL');
    await eventually(async () => expect(await tracesOf(dir)).not.toContain('conmon'));
    await sweepEngines();
    expect(await tracesOf(dir)).toEqual([]);
  });
});

plainIt('a Podman is among the engines', ({ skip }) => {
  const asked = process.env['OFFSHOOT_TEST_ENGINES'] ?? '';
  skip(asked !== '' && engines.length === 0, `only ${asked} were asked for`);
  expect(engines).not.toHaveLength(0);
});
