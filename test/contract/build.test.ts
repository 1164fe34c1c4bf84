import { randomInt } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { BuildError, InvalidArgumentError, NotSupportedError } from '../../src/errors.ts';
import { pluginProgram } from '../../src/runtime/docker/plugins/plugins.ts';
import type { BuildProgress, BuildRequest, Runtime } from '../../src/runtime/runtime.ts';
import { addPlugins, buildxPlugin } from '../../tools/engines/index.ts';
import { dockerOf } from '../support/docker.ts';
import type { TestEngine } from '../support/global-engines.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { collect, connectTo, failureOf, promptFailureOf } from '../support/runtime.ts';

// Of the newer ones the one whose images are otherwise.
const engines = onePer(inject('allEngines').toSorted(byStore), releaseOf);
function byStore(left: TestEngine, right: TestEngine): number {
  return left.imageStore.localeCompare(right.imageStore);
}
const isPodman = ({ kind }: TestEngine): boolean => kind.startsWith('podman');
const busyboxOn = (engine: TestEngine): string => `${isPodman(engine) ? 'docker.io/' : ''}offshoot-test/busybox:1`;
const rows = engines.flatMap((engine) => buildersOf(engine).map((builder) => ({ kind: engine.kind, builder, engine })));
/** The classic one is the same on all. */
function buildersOf(engine: TestEngine): readonly ('buildah' | 'classic' | 'buildkit')[] {
  if (isPodman(engine)) return ['buildah'];
  return releaseOf(engine) === '20.10' ? ['classic', 'buildkit'] : ['buildkit'];
}
const secret = `hunter2-${randomInt(1_000_000)}`;

/** A context that leaves something out, and stages that end in different ways. */
function contextFor(engine: TestEngine): Readonly<Record<string, string>> {
  return {
    Dockerfile: [
      `FROM ${busyboxOn(engine)} AS one`,
      'ARG WHAT=none',
      'COPY . /context',
      'RUN echo $WHAT >/what',
      'FROM one AS two',
      'CMD ["sh", "-c", "cat /what; ls /context"]',
      'FROM one AS broken',
      'ARG WHAT',
      'RUN echo the last words of $WHAT; echo and an error >&2; exit 3',
      'FROM one AS secretive',
      'RUN --mount=type=secret,id=key wc -c </run/secrets/key >/length',
    ].join('\n'),
    Endless: `FROM ${busyboxOn(engine)}\nARG SECONDS\nRUN echo it begins; sleep $SECONDS\n`,
    Bad: 'FROM scratch\nNONSENSE x\n',
    '.dockerignore': 'secret\n*.log\n!kept.log\n',
    secret: '',
    'lost.log': '',
    'kept.log': '',
  };
}

describe.each(rows)('images.build on $kind with $builder', ({ engine, builder }) => {
  const { mark, ok } = dockerOf(engine);
  const prefix = isPodman(engine) ? 'localhost/' : '';
  const asked = builder === 'buildkit' ? 'buildkit' : 'classic';
  let runtime: Runtime;
  let context: string;
  let count = 0;
  const request = (more: Partial<BuildRequest>): BuildRequest => ({
    context,
    builder: asked,
    networkMode: 'host',
    ...more,
  });
  const name = (): string => `${prefix}offshoot-test/built:${mark}-${builder}-${++count}`;

  beforeAll(async () => {
    context = await mkdtemp(join(tmpdir(), 'offshoot-build-test-'));
    for (const [file, text] of Object.entries(contextFor(engine))) await writeFile(join(context, file), text);
    const config = join(context, 'secret-config');
    await addPlugins(config, [await buildxPlugin()]);
    await writeFile(
      join(context, '.dockerignore'),
      `${contextFor(engine)['.dockerignore'] ?? ''}secret-config\nEndless\nBad\n`,
    );
    runtime = await connectTo(engine.host, { DOCKER_CONFIG: config, PATH: process.env['PATH'] ?? '' });
    return async () => {
      const images = await runtime.images.list({ labels: { [mark]: true } });
      for (const { id } of images) await runtime.images.remove(id, { force: true, ignoreMissing: true });
      await rm(context, { recursive: true, force: true });
    };
  });

  it('makes an image of a folder, by all its names, and tells each step', async () => {
    const said: (BuildProgress & { dropped: number })[] = [];
    const tags = [name(), name()];
    const more = { tags, buildArgs: { WHAT: secret }, target: 'two', labels: { [mark]: 'a b' }, cacheFrom: tags };
    const built = await runtime.images.build(request(more), { onProgress: (step) => void said.push(step) });
    expect(built.builder).toBe(builder);
    for (const tag of tags) expect((await runtime.images.inspect(tag))?.id).toBe(built.id);
    expect((await runtime.images.list({ labels: { [mark]: 'a b' } })).flatMap((one) => one.tags).toSorted()).toEqual(
      tags.toSorted(),
    );
    // The other builder may have left its steps.
    const told = said.filter(({ step = '' }) => /RUN echo/.test(step)).map(({ phase }) => phase);
    expect(told.some((phase) => phase === 'started' || phase === 'cached')).toBe(true);
    expect(JSON.stringify(said)).not.toContain(secret);
    const made = await runtime.create({ name: `${mark}-${builder}`, image: tags[0] ?? '', networkMode: 'none' });
    await runtime.start(made.id);
    await runtime.wait(made.id);
    expect((await collect(await runtime.logs(made.id))).stdout).toBe(`${secret}\nDockerfile\nkept.log\n`);
    await runtime.remove(made.id);
  });

  it('tells the step that fails and its last lines, without values', async () => {
    const tags = [name()];
    const failed = await failureOf(
      runtime.images.build(request({ target: 'broken', tags, buildArgs: { WHAT: secret } })),
    );
    expect(failed).toBeInstanceOf(BuildError);
    const { step, output, message } = failed as BuildError;
    expect(step).toMatch(/RUN echo the last words/);
    expect(output.join('\n')).toContain('the last words of $WHAT');
    expect(output.join('\n')).toContain('and an error');
    expect(message).toMatch(/exit (?:code|status)?:? ?3|non-zero code: 3/);
    expect(JSON.stringify([step, output, message])).not.toContain(secret);
    expect(await runtime.images.exists(tags[0] ?? '')).toBe(false);
    await expect(runtime.images.build(request({ dockerfile: 'Nope' }))).rejects.toThrow(InvalidArgumentError);
    const bad = await failureOf(runtime.images.build(request({ dockerfile: 'Bad' })));
    expect(bad).toMatchObject({ exitStatus: 73, message: expect.stringMatching(/NONSENSE/i) as unknown });
  });

  it('is given up at once, and leaves nothing under way', async () => {
    // Podman lets a step that has begun come to its end.
    const seconds = isPodman(engine) ? `3.${randomInt(10_000, 99_999)}` : `98765${randomInt(10_000, 99_999)}`;
    const tags = [name()];
    const scratch = await mkdtemp(join(tmpdir(), 'offshoot-build-test-'));
    vi.stubEnv('TMPDIR', scratch);
    const controller = new AbortController();
    const begun = Promise.withResolvers<void>();
    const work = runtime.images.build(request({ dockerfile: 'Endless', tags, buildArgs: { SECONDS: seconds } }), {
      signal: controller.signal,
      onProgress: ({ message }) => (message.includes('it begins') ? begun.resolve() : undefined),
    });
    work.catch(begun.reject);
    await begun.promise;
    await expect.poll(() => running(seconds), { timeout: 10_000 }).toBe(true);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await promptFailureOf(work)).toBe(reason);
    await expect.poll(() => running(seconds), { timeout: 30_000 }).toBe(false);
    await expect.poll(() => running(context), { timeout: 10_000 }).toBe(false);
    expect(await runtime.images.exists(tags[0] ?? '')).toBe(false);
    await expect.poll(() => readdir(scratch)).toEqual([]);
    await rm(scratch, { recursive: true });
    await expect.poll(() => ok('ps', '-aq', '--filter', `label=${mark}`), { timeout: 10_000 }).toBe('');
  });

  it('keeps a secret out of the image, or says that it cannot', async () => {
    const work = runtime.images.build(
      request({ target: 'secretive', secrets: { key: secret }, labels: { [mark]: '' } }),
    );
    if (builder !== 'buildkit') {
      expect(await failureOf(work)).toBeInstanceOf(NotSupportedError);
      return;
    }
    const { id } = await work;
    const made = await runtime.create({
      name: `${mark}-secret`,
      image: id,
      command: ['cat', '/length'],
      networkMode: 'none',
    });
    await runtime.start(made.id);
    await runtime.wait(made.id);
    expect((await collect(await runtime.logs(made.id))).stdout).toBe(`${secret.length}\n`);
    await runtime.remove(made.id);
  });

  it('takes by itself the best that there is', async () => {
    const same = { target: 'two', buildArgs: { WHAT: secret }, labels: { [mark]: 'a b' } };
    const { buildkit, build } = await runtime.capabilities();
    const best = await runtime.images.build(request({ builder: undefined, ...same }));
    expect(best.builder).toBe(isPodman(engine) ? 'buildah' : 'buildkit');
    expect([buildkit.supported, build]).toEqual(
      isPodman(engine)
        ? [false, { supported: true, emulated: expect.any(String) as unknown }]
        : [true, { supported: true }],
    );
    // This machine may have one for all.
    if ((await pluginProgram('docker-buildx', {})) !== undefined) return;
    const alone = await connectTo(engine.host, { DOCKER_CONFIG: '/nonexistent' });
    expect((await alone.capabilities()).buildkit).toMatchObject({ supported: false });
    const without = await alone.images.build(request({ builder: 'auto', ...same }));
    expect(without.builder).toBe(isPodman(engine) ? 'buildah' : 'classic');
    expect(await failureOf(alone.images.build(request({ builder: 'buildkit' })))).toMatchObject({
      code: 'ERR_NOT_SUPPORTED',
      capability: 'buildkit',
    });
  });
});

/** Is there a process with this word on this machine? */
async function running(word: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((file) => /^\d+$/.test(file));
  const words = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return words.some((text) => text.split('\0').includes(word));
}

// oxlint-disable-next-line vitest/expect-expect -- a file without a test fails
it('has engines to be kept on', ({ skip }) => skip(engines.length === 0, 'only others were asked for'));
