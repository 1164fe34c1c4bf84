import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ComposeError, ConflictError, NotFoundError, NotSupportedError } from '../../src/errors.ts';
import type { BuildProgress, PullProgress, Runtime, RuntimeEvent } from '../../src/runtime/runtime.ts';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import {
  buildkitOnPath,
  loadImages,
  nerdctlOnPath,
  payloadImage,
  whyNoContainerdHost,
} from '../support/containerd-host.ts';
import { eventually } from '../support/lab.ts';
import { folderWithNerdctl, removeFolder, runtimeOn } from '../support/nerdctl-subject.ts';
import { type Registry, startRegistry } from '../support/registry.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;

const image = `docker.io/${payloadImage}`;
const sleeper = { image, networkMode: 'none', command: ['sleep', '600'] };

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)('containerd %s' + because, (version) => {
  let host: ContainerdHost;
  let folder: string;
  let runtime: Runtime;

  beforeAll(async () => {
    host = await startContainerdHost({ nerdctl: nerdctlOnPath() ?? '', version, namespace: 'tinkerbell' });
    folder = await folderWithNerdctl(host);
    await loadImages(host, inject('engines'), [payloadImage]);
    runtime = await runtimeOn(host, folder);
  });
  afterAll(async () => {
    await host.stop();
    await removeFolder(folder);
  });

  it('events: what happens while containerd is away is told once, after it is back', async () => {
    const labels = { family: 'x' };
    const { id } = await runtime.create({ ...sleeper, name: 'killed', labels });
    await runtime.start(id);
    const pid = (await runtime.inspect(id))?.state.pid;
    const stream = await runtime.events({ labels });
    const told: RuntimeEvent[] = [];
    const reading = (async () => {
      for await (const event of stream) told.push(event);
    })();
    const [program, ...enter] = host.enter;
    await host.freeze();
    await execa(program, [...enter, '--', 'kill', '-9', String(pid)]);
    await host.restart({ signal: 'SIGKILL' });
    await runtime.remove(id);
    await expect.poll(() => told.at(-1)?.action, { timeout: 20_000 }).toBe('destroy');
    const words = told.map(({ type, action }) => (type === 'engine' ? `engine ${action}` : action));
    // It may have told the end itself, before it was there again for others.
    expect(words.filter((word) => word !== 'engine reconnected')).toEqual(['die', 'destroy']);
    expect(words).toContain('engine reconnected');
    stream.close();
    await reading;
  });

  it('events: names change, and are told', async () => {
    const { id } = await runtime.create({ ...sleeper, name: 'before', labels: { family: 'y' } });
    const stream = await runtime.events({ labels: { family: 'y' } });
    await execa(join(folder, 'nerdctl'), ['--namespace', 'tinkerbell', 'rename', 'before', 'after']);
    for await (const { action, name, attributes } of stream) {
      expect([action, name, attributes['oldName']]).toEqual(['rename', 'after', 'before']);
      break;
    }
    await runtime.remove(id);
  });

  it('what nerdctl cannot do is named', async () => {
    const { events, networks, volumes, images, compose } = runtime;
    const subnet = (text: string): { subnet: string; gateway: string } => ({
      subnet: `${text}.0/24`,
      gateway: `${text}.1`,
    });
    const refused = [
      events({ types: ['network'] }),
      events({ types: ['image'], labels: { a: 'b' } }),
      networks.ensure({ name: 'two', subnets: [subnet('10.197.1'), subnet('10.197.2')] }),
      networks.connect('two', 'x', {}),
      volumes.ensure({ name: 'other', driver: 'nfs' }),
      volumes.ensure({ name: 'other', driverOptions: { size: '1g' } }),
      images.commit('x', { changes: ['HEALTHCHECK NONE'] }),
      images.build({ context: fileURLToPath(new URL('../fixtures/project', import.meta.url)) }),
      compose.down({ files: ['/x.yaml'], removeImages: 'all' }),
      compose.up({ files: ['/x.yaml'], env: { DOCKER_HOST: 'x' } }),
    ];
    const failures = await Promise.allSettled(refused);
    expect(failures.map((one) => one.status === 'rejected' && one.reason instanceof NotSupportedError)).toEqual(
      refused.map(() => true),
    );
    expect(await networks.inspect('two')).toBeUndefined();
    expect(await volumes.inspect('other')).toBeUndefined();
    const can = await runtime.capabilities();
    expect(can).toMatchObject({
      networks: { supported: true },
      networkConnect: { supported: false },
      build: { supported: false, reason: expect.stringContaining('buildctl') },
      compose: { supported: true },
    });
  });

  it('a network of others is left alone, and one that is used is not removed', async () => {
    const spec = {
      name: 'used',
      labels: { owner: 'a', empty: '' },
      subnets: [{ subnet: '10.197.3.0/24' }],
      internal: true,
    };
    expect(await runtime.networks.ensure(spec)).toMatchObject({ created: true });
    expect(await runtime.networks.inspect('used')).toMatchObject({ labels: spec.labels, internal: true });
    const { id } = await runtime.create({ ...sleeper, name: 'in-it', networkMode: 'used' });
    await runtime.start(id);
    expect((await runtime.networks.inspect('used'))?.containers).toEqual([id]);
    await expect(runtime.networks.remove('used')).rejects.toThrow(ConflictError);
    await runtime.remove(id);
    await runtime.networks.remove('used');
  });

  it('Compose: it brings a project up, tells what runs, and brings it down', async () => {
    const project = await mkdtemp(join(tmpdir(), 'offshoot-project-'));
    const services = {
      web: {
        ...sleeper,
        networkMode: undefined,
        network_mode: 'none',
        stop_signal: 'SIGKILL',
        labels: { said: '${WORD}' },
      },
    };
    await writeFile(join(project, 'compose.yaml'), JSON.stringify({ services }));
    const asked = { files: [join(project, 'compose.yaml')], name: 'offshoot', env: { WORD: `it's "$x"` } };
    try {
      const messages: string[] = [];
      const onProgress = ({ message }: { message: string }): void => void messages.push(message);
      await runtime.compose.up({ ...asked, wait: true }, { onProgress });
      expect(messages).toContain('Running offshoot-web-1');
      expect(messages.join('\n')).not.toContain(asked.env.WORD);
      const id = await runtime.compose.containerId(asked, 'web');
      expect(await runtime.compose.ps(asked)).toMatchObject([{ id, service: 'web', state: 'running' }]);
      expect((await runtime.inspect(id ?? ''))?.labels['said']).toBe(asked.env.WORD);
      await runtime.compose.up({ ...asked, noRecreate: true });
      expect(await runtime.compose.containerId(asked, 'web')).toBe(id);
      await expect(runtime.compose.containerId(asked, 'nope')).rejects.toThrow(ComposeError);
      await runtime.compose.down(asked);
      expect(await runtime.compose.ps(asked)).toEqual([]);
    } finally {
      await rm(project, { recursive: true, force: true });
    }
  });

  const buildkit = buildkitOnPath();
  const withoutBuildkit = buildkit === undefined ? ' (SKIPPED: no buildctl and buildkitd on PATH)' : '';
  describe.skipIf(buildkit === undefined)(`builds${withoutBuildkit}:`, () => {
    let daemon: ReturnType<typeof spawn>;
    let context: string;

    beforeAll(async () => {
      const { buildctl = '', buildkitd = '' } = buildkit ?? {};
      const [program, ...enter] = host.enter;
      context = await mkdtemp(join(tmpdir(), 'offshoot-context-'));
      const place = 'mount -t tmpfs tmpfs /usr/local/sbin && cp "$1" /usr/local/sbin/buildctl';
      await execa(program, [...enter, '--', 'sh', '-c', place, 'sh', buildctl]);
      const worker = ['--oci-worker=false', '--containerd-worker-net=host', '--containerd-worker-namespace=tinkerbell'];
      const words = [
        ...enter,
        '--',
        'setpriv',
        '--pdeathsig',
        'KILL',
        buildkitd,
        ...worker,
        '--root',
        `${host.dir}/bk`,
      ];
      daemon = spawn(program, [...words, '--addr', 'unix:///run/buildkit/buildkitd.sock'], { stdio: 'ignore' });
      const can = async (): Promise<boolean> => (await runtime.capabilities()).build.supported;
      await eventually(async () => expect(await can()).toBe(true));
    });
    afterAll(async () => {
      daemon.kill('SIGKILL');
      await rm(context, { recursive: true, force: true });
    });

    it('make an image with all that they are given, and tell their steps', async () => {
      const lines = [
        ...[`FROM ${image} AS one`, 'ARG WHO', 'COPY file /file'],
        ...[
          'RUN --mount=type=secret,id=word test "$(cat /run/secrets/word) $WHO" = "open $(cat /file)"',
          'FROM one AS two',
        ],
      ];
      await writeFile(join(context, 'Dockerfile'), lines.join('\n'));
      await writeFile(join(context, 'file'), 'sesame');
      const told: BuildProgress[] = [];
      const tags = ['docker.io/built/one:1', 'docker.io/built/one:2'];
      const request = { context, tags, target: 'one', labels: { built: 'yes' } };
      const given = { ...request, buildArgs: { WHO: 'sesame' }, secrets: { word: 'open' } };
      const built = await runtime.images.build(given, { onProgress: (progress) => void told.push(progress) });
      const found = await runtime.images.inspect(tags[1] ?? '');
      expect(found).toMatchObject({ id: built.id, config: { labels: { built: 'yes' } } });
      expect(found?.tags).toEqual(expect.arrayContaining(tags));
      expect(built.builder).toBe('buildkit');
      expect(told.filter(({ phase, step }) => phase === 'done' && step?.startsWith('[one 3/3] RUN'))).toHaveLength(1);
      const nameless = await runtime.images.build({ ...given, tags: [] });
      expect(nameless.id).toBe(built.id);
      await runtime.images.remove(built.id, { force: true });
    });

    it('fail with the step and its words', async () => {
      await writeFile(join(context, 'Bad'), `FROM ${image}\nRUN echo why; exit 3\n`);
      const failure = runtime.images.build({ context, dockerfile: 'Bad' });
      await expect(failure).rejects.toMatchObject({
        code: 'ERR_BUILD',
        step: '[2/2] RUN echo why; exit 3',
        output: ['why'],
      });
    });
  });

  describe('pulls:', () => {
    const address = '127.0.0.1:5000';
    const login = { by: 'basic', username: 'somebody', password: 'p:w' } as const;
    let registry: Registry;
    let forward: ReturnType<typeof spawn>;

    beforeAll(async () => {
      registry = await startRegistry({ login });
      const [program, ...enter] = host.enter;
      const script = fileURLToPath(new URL('../../tools/engines/forward.ts', import.meta.url));
      const words = [...enter, '--', process.execPath, script, '5000', registry.socket];
      forward = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
      if (forward.stdout) await once(forward.stdout, 'data');
    });
    afterAll(async () => {
      forward.kill('SIGKILL');
      await registry.close();
    });

    it('are told layer by layer, with the login that is given', async () => {
      const digest = registry.push('team/app', '1', { layers: [300_000, 200_000] });
      const reference = `${address}/team/app:1`;
      await expect(runtime.images.pull(reference)).rejects.toMatchObject({ reason: 'denied' });
      const told: PullProgress[] = [];
      const auth = { serverAddress: address, username: login.username, password: login.password };
      const onProgress = (progress: PullProgress): void => void told.push(progress);
      const { image: pulled } = await runtime.images.pull(reference, { auth, onProgress });
      expect(pulled).toMatchObject({ id: digest, tags: [reference], digests: [`${address}/team/app@${digest}`] });
      const complete = told.filter(({ phase }) => phase === 'complete');
      expect(new Set(complete.map(({ layer }) => layer)).size).toBe(2);
      await runtime.images.remove(reference);
      await expect(runtime.images.tag(reference, 'x:1')).rejects.toThrow(NotFoundError);
    });
  });
});
