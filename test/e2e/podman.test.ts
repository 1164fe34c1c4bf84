import { describe, expect, inject } from 'vitest';
import { type Lab, labTest } from '../support/lab.ts';
import { fullName } from '../support/podman.ts';
import { libpodOf } from '../support/libpod.ts';

const busybox = 'offshoot-test/busybox:1';
const engines = inject('allEngines').filter(({ kind }) => kind.startsWith('podman-'));
const place = '/run/podman/podman.sock';

describe.each(engines)('a container of $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);
  const libpod = libpodOf(engine);

  describe('with nothing but the socket of Podman, where Podman has it', () => {
    const found = { socket: false, flags: ['-v', `${engine.socket}:${place}`] } as const;

    it.for(['auto', 'podman'] as const)('launches now, by %s', async (OFFSHOOT_RUNTIME, { lab }) => {
      const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_RUNTIME, OFFSHOOT_LOG_LEVEL: 'debug' };
      const launched = await lab.launch({ ...found, env, words: ['echo', 'hello'] });
      expect(launched).toMatchObject({ exitCode: 0 });
      expect(launched.events).toContainEqual(
        expect.objectContaining({ event: 'engine', runtime: 'podman', by: place, level: 'debug' }),
      );
      expect(await lab.ended(launched.result.id)).toBe(0);
      expect((await lab.logs(launched.result.id)).stdout).toBe('hello');
    });

    it('launches later, by a waiter that is told where it is', async ({ lab }) => {
      const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1s' };
      const launched = await lab.launch({ ...found, env, words: ['echo', 'later'] });
      expect(launched).toMatchObject({ exitCode: 0 });
      const waiter = await lab.inspect(launched.result.waiter?.id ?? '');
      expect(waiter.Config.Env).toContain(`DOCKER_HOST=unix://${place}`);
      expect(waiter.HostConfig.NetworkMode).toBe('none');
      await lab.gone(waiter.Id);
      expect(await lab.ended(launched.result.id)).toBe(0);
      expect((await lab.logs(launched.result.id)).stdout).toBe('later');
    });

    it('stays attached', async ({ lab }) => {
      const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_ATTACH: 'true', OFFSHOOT_LOG_LEVEL: 'error' };
      const script = ['sh', '-c', 'echo out; echo err >&2; exit 7'];
      const { exitCode, stdout, stderr } = await lab.launch({ ...found, env, words: script });
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 7, stdout: 'out', stderr: 'err' });
    });
  });

  it('is told that the engine is Podman where Docker was asked for', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_RUNTIME: 'docker', OFFSHOOT_COMMAND: 'true' };
    const { exitCode, events } = await lab.launch({ env });
    expect(exitCode).toBe(0);
    expect(events[0]).toMatchObject({ level: 'info', event: 'engine', runtime: 'podman' });
  });

  it.for([
    ['a bind', 'Binds', (source: string) => `${source}:/x`],
    ['a mount', 'Mounts', (source: string) => ({ Type: 'bind', Source: source, Target: '/x' })],
  ] as const)('gets no folder made on the host by %s of nothing', async ([, key, mount], { lab }) => {
    const source = `/tmp/${lab.mark}-missing`;
    const override = { HostConfig: { [key]: [mount(source)] } };
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_OVERRIDE: JSON.stringify(override) };
    const { exitCode, events, self } = await lab.launch({ env });
    expect(exitCode).toBe(73);
    expect(events.at(-1)?.message).toContain(`${source} does not exist on its host`);
    expect(await lab.descendants(self)).toEqual([]);
    const look = { image: busybox, flags: ['-v', '/tmp:/t'], words: ['test', '-e', `/t/${lab.mark}-missing`] };
    expect(await lab.launch({ ...look, socket: false })).toMatchObject({ exitCode: 1 });
  });

  it('launches an image by its short name, wherever that is from', async ({ lab }) => {
    const local = `localhost/${lab.mark}:1`;
    await lab.ok('tag', busybox, local);
    const env = { OFFSHOOT_PULL: 'never', OFFSHOOT_COMMAND: 'true' };
    for (const OFFSHOOT_IMAGE of [`${lab.mark}:1`, local]) {
      const launched = await lab.launch({ env: { ...env, OFFSHOOT_IMAGE } });
      expect(launched).toMatchObject({ exitCode: 0 });
      expect(await lab.ended(launched.result.id)).toBe(0);
    }
    await lab.ok('rmi', local);
    const hub = await lab.launch({ env: { ...env, OFFSHOOT_IMAGE: 'offshoot:dev' }, words: [] });
    expect((await lab.inspect(hub.result.id)).Config.Image).toBe(fullName(engine, 'offshoot:dev'));
  });

  it('knows itself in a pod, whose name and network are another container’s', async ({ lab }) => {
    const pod = await podOf(lab);
    const name = lab.nameOf('member');
    const { Id } = await libpod('POST', '/containers/create', {
      ...{ image: 'offshoot:dev', pod, name, labels: { [lab.mark]: '' }, command: ['sleep', '600'] },
      mounts: [{ type: 'bind', source: engine.socket, destination: place }],
    });
    await libpod('POST', `/containers/${String(Id)}/start`);
    const self = JSON.parse(await lab.ok('exec', name, 'offshoot', 'self')) as { id: string; proof: string };
    expect(self).toMatchObject({ id: Id, proof: expect.stringContaining('writable layer') });
    // What the pod shares is not for others.
    const launch = (...flags: string[]) =>
      lab.docker('exec', name, 'offshoot', 'launch', ...flags, busybox, '--', 'true');
    const { exitCode, stderr } = await launch();
    expect(exitCode).toBe(73);
    expect(stderr).toContain('OFFSHOOT_INHERIT=-network,-namespaces');
    const { stdout } = await launch('--inherit=-network,-namespaces');
    expect(await lab.ended((JSON.parse(stdout) as { id: string }).id)).toBe(0);
    await lab.docker('rm', '-f', name);
    await libpod('DELETE', `/pods/${pod}?force=true`);
  });

  /** No image of a pause program is needed: busybox sleeps as well. */
  async function podOf(lab: Lab): Promise<string> {
    const name = lab.nameOf('pod');
    const asked = { name, hostname: name, infra_image: busybox, infra_command: ['sleep', '600'] };
    const { Id } = await libpod('POST', '/pods/create', asked);
    return String(Id);
  }
});
