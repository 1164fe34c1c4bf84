import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type Engine, startEngine } from '../../tools/engines/index.ts';
import { buildImages } from '../../tools/image.ts';
import { newCanary } from '../support/canaries.ts';
import { type Lab, labOn, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { importBusybox } from '../support/payload-image.ts';
import { policyImage } from '../support/policy-image.ts';
import { type Registry, startRegistry } from '../support/registry.ts';

const busybox = 'offshoot-test/busybox:1';
const engines = onePer(inject('engines'), releaseOf);

describe.each(engines)('a policy that is baked into the image, on $kind', { concurrent: true }, (engine) => {
  const labIt = labTest(engine);
  let image: string;

  beforeAll(async () => {
    image = await policyImage(engine, {
      images: [busybox, 'self'],
      inherit: 'safe',
      mounts: [{ path: '/media', readOnly: true }],
      networks: ['bridge'],
      publish: false,
      env: ['LOG_*'],
      requireDigest: false,
    });
  });

  /** A launch that the policy ends: its message; nothing was made. */
  async function refused(lab: Lab, request: Parameters<Lab['launch']>[0], status = 77): Promise<string> {
    const { exitCode, stdout, events, self } = await lab.launch({ image, ...request });
    expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: '' });
    expect(await lab.descendants(self)).toEqual([]);
    const last = events.at(-1);
    expect(last).toMatchObject({ level: 'error', code: status === 64 ? 'ERR_INVALID_REQUEST' : 'ERR_POLICY' });
    return last?.message ?? '';
  }

  labIt(
    'lets through what it allows, without what could harm the host, and leaves the socket behind',
    async ({ lab }) => {
      const env = { OFFSHOOT_IMAGE: `docker.io/${busybox}`, OFFSHOOT_COMMAND: 'true', OFFSHOOT_ENV_LOG_LEVEL: 'x' };
      const launched = await lab.launch({ image, env, flags: ['--privileged', '-v', '/media:/media:ro'] });
      expect(launched).toMatchObject({ exitCode: 0 });
      const { HostConfig, Config } = await lab.inspect(launched.result.id);
      expect(HostConfig).toMatchObject({ Privileged: false, Binds: ['/media:/media:ro'] });
      expect(Config.Env).toContain('LOG_LEVEL=x');
      expect(launched.result.leftOut).toContainEqual({
        setting: 'HostConfig.Binds',
        reason: "the policy of this image does not let the engine's socket be passed on",
      });
    },
  );

  labIt('names every rule that is broken, in one message', async ({ lab }) => {
    const message = await refused(lab, {
      env: {
        OFFSHOOT_IMAGE: 'evil.example/busybox:1',
        OFFSHOOT_INHERIT: 'all',
        OFFSHOOT_NETWORK: 'host',
        OFFSHOOT_ENV_TOKEN: 'canary-2b7e',
        OFFSHOOT_OVERRIDE:
          '{"HostConfig":{"Binds":["/:/host"],"PortBindings":{"80/tcp":[{}]}},"Env":["X=canary-2b7e"]}',
      },
    });
    expect(message.split('\n').map((line) => line.trim().split(':')[0])).toEqual([
      'the policy of this image (/etc/offshoot/policy.json) forbids it',
      'images',
      'inherit',
      'env',
      'override',
      'mounts',
      'networks',
      'publish',
      'inherit',
      'env',
    ]);
    expect(message).toContain(`"evil.example/busybox:1" is not allowed; allowed: ${busybox}, self`);
    expect(message).not.toContain('canary-2b7e');
  });

  labIt.for<[string, Parameters<Lab['launch']>[0]]>([
    ['offshoot launch', { words: ['/opt/offshoot/offshoot', 'launch', 'evil:1'] }],
    ['offshoot plan', { words: ['/opt/offshoot/offshoot', 'plan', 'evil:1'] }],
    ['a dry run', { env: { OFFSHOOT_IMAGE: 'evil:1', OFFSHOOT_DRY_RUN: 'true' } }],
    ['a launch without an engine', { env: { OFFSHOOT_IMAGE: 'evil:1' }, socket: false }],
    ['a delay', { env: { OFFSHOOT_IMAGE: 'evil:1', OFFSHOOT_DELAY: '5s' } }],
  ])('holds %s', async ([, request], { lab }) => {
    expect(await refused(lab, request)).toContain('images: "evil:1" is not allowed');
  });

  labIt('holds what another mount brings in', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: busybox };
    expect(await refused(lab, { env, flags: ['-v', '/opt:/opt2'] })).toContain('mounts: /opt of the host');
    expect(await refused(lab, { env, flags: ['-v', '/media:/media'] })).toContain('may only be mounted read-only');
  });

  labIt('ends with 1 in place of waitdaemon', async ({ lab }) => {
    const env = { OFFSHOOT_COMPAT: 'waitdaemon', IMAGE: 'evil:1', WAIT_SECONDS: '1' };
    expect(await refused(lab, { env }, 1)).toContain('images: "evil:1" is not allowed');
  });

  labIt('that is not understood forbids everything, and is not looked at untriggered', async ({ lab }) => {
    const broken = await policyImage(engine, '{"image": ["alpine:3"]}');
    const message = await refused(lab, { image: broken, env: { OFFSHOOT_IMAGE: busybox } }, 64);
    expect(message).toContain('/etc/offshoot/policy.json: "image" is no rule of this version; did you mean images?');
    expect(await lab.launch({ image: broken, words: ['echo', 'hello'] })).toMatchObject({
      exitCode: 0,
      stdout: 'hello',
    });
  });
});

describe.runIf(engines.some(({ kind }) => kind === 'docker-28.5'))('a rule with a digest, on docker-28.5', () => {
  const port = 5000;
  const name = `127.0.0.1:${port}/kexec`;
  let engine: Engine;
  let registry: Registry;
  let lab: Lab;
  let digest: string;
  let image: string;

  beforeAll(async () => {
    [engine, registry] = await Promise.all([startEngine('docker-28.5', { dockerdArgs: ['--debug'] }), startRegistry()]);
    await Promise.all([engine.forward(port, registry.socket), importBusybox(engine)]);
    await buildImages({ dockerHost: engine.host, pull: false, report: () => {} });
    lab = labOn(engine);
    digest = registry.push('kexec', '1');
    image = await policyImage(engine, { images: [`${name}@${digest}`] });
    return async () => {
      await lab.cleanUp();
      await Promise.all([engine.stop(), registry.close()]);
    };
  });

  const launch = (reference: string, env: Record<string, string> = {}) =>
    lab.launch({ image, env: { OFFSHOOT_IMAGE: reference, ...env }, words: ['/marker'] });

  it('allows what is pulled by the digest, and by a tag that means it, and creates it by id', async () => {
    for (const reference of [`${name}:1`, `${name}@${digest}`]) {
      // Its file is no program: it is not started while we look.
      const { exitCode, result } = await launch(reference, { OFFSHOOT_DELAY: '1h' });
      expect({ exitCode, ...result }).toMatchObject({ exitCode: 0, digest: `${name}@${digest}` });
      const sibling = await lab.inspect(result.id);
      expect(sibling.Config.Image).toBe(result.imageId);
      expect(sibling.Image).toBe(result.imageId);
    }
  });

  it('refuses a tag that has moved, after the pull, and one that was tagged so on the machine', async () => {
    registry.push('kexec', '1');
    const moved = await launch(`${name}:1`, { OFFSHOOT_PULL: 'always' });
    expect(moved).toMatchObject({ exitCode: 77, stdout: '' });
    expect(moved.events.at(-1)?.message).toContain(`images: "${name}:1" is sha256:`);

    await lab.ok('tag', busybox, `${name}:2`);
    const before = registry.requests.length;
    const alike = await launch(`${name}:2`);
    expect(alike).toMatchObject({ exitCode: 77, stdout: '' });
    expect(alike.events.at(-1)?.message).toContain(`allowed: ${digest}`);
    expect(registry.requests.length).toBe(before);
    expect(await lab.descendants(moved.self, alike.self)).toEqual([]);
  });

  it('does not pull what it forbids', async () => {
    const other = registry.push('other', '1');
    const before = registry.requests.length;
    const { exitCode } = await launch(`127.0.0.1:${port}/other@${other}`);
    expect(exitCode).toBe(77);
    expect(registry.requests.slice(before)).toEqual([]);
  });

  it("the engine's own debug log has a secret only in the bodies of requests, which it shows there itself", async () => {
    const [secret, password] = [newCanary('OWN'), newCanary('PROXY')];
    const flags = ['-e', `TOKEN=${secret.value}`, '-e', `HTTP_PROXY=http://user:${password.value}@127.0.0.1:9`];
    const plain = { image: 'offshoot:dev', env: { OFFSHOOT_IMAGE: 'self', OFFSHOOT_DELAY: '1h' }, flags };
    expect(await lab.launch(plain)).toMatchObject({ exitCode: 0 });
    const lines = (await readFile(engine.logFile, 'utf8')).split('\n');
    const bodies = lines.filter((line) => line.includes('form-data='));
    // The search finds what the engine shows.
    expect(bodies.join('\n')).toContain(secret.value);
    const others = lines.filter((line) => !bodies.includes(line)).join('\n');
    secret.mustNotBeIn(others, "the engine's log");
    password.mustNotBeIn(others, "the engine's log");
  });
});
