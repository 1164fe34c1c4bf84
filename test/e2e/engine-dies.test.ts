import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { EngineUnavailableError } from '../../src/errors.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { type Engine, startEngine } from '../../tools/engines/index.ts';
import { startProxy } from '../support/engine-proxy.ts';
import { readEvents } from '../support/event-fold.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { importBusybox } from '../support/payload-image.ts';
import { collect, connectTo, failureOf, never, promptFailureOf } from '../support/runtime.ts';

const options = { signal: never };
const patiently = { timeout: 30_000 };
const image = 'offshoot-test/busybox:1';
// One old and one new daemon; what they show of cgroups and where they keep images makes no difference here.
const kinds = onePer(inject('engines'), releaseOf);

describe.each(kinds)('$kind of our own', ({ kind }) => {
  let engine: Engine;
  let runtime: Runtime;
  let id: string;

  beforeAll(async () => {
    engine = await startEngine(kind);
    await importBusybox(engine);
    runtime = await connectTo(engine.host);
    const command = ['sh', '-c', 'trap exit TERM; while :; do echo tick; usleep 50000; done'];
    ({ id } = await runtime.create({ name: 'ticking', image, labels: {}, command, networkMode: 'none' }, options));
    await runtime.start(id, options);
    return () => engine.stop();
  });

  it('frozen, it is given up within five seconds, and answers again when it goes on', async () => {
    await engine.freeze();
    try {
      const start = performance.now();
      const error = await failureOf(connectTo(engine.host));
      expect(performance.now() - start).toBeLessThan(5_000);
      expect(error).toMatchObject({
        exitStatus: 69,
        message: `the engine at ${engine.host} accepts connections but does not answer within 4 s`,
        hint: 'The daemon hangs or is stopped; see its log.',
      });
    } finally {
      engine.thaw();
    }
    expect((await runtime.inspect(id, options))?.state.running).toBe(true);
  });

  it('frozen, a call that is cancelled ends at once', async () => {
    await engine.freeze();
    try {
      const controller = new AbortController();
      const { signal } = controller;
      const calls = [runtime.inspect(id, { signal }), runtime.wait(id, { signal }), runtime.logs(id, { signal })];
      for (const call of calls) call.catch(() => {}); // looked at below
      await sleep(100);
      const reason = new Error('enough');
      controller.abort(reason);
      expect(await Promise.all(calls.map(promptFailureOf))).toEqual([reason, reason, reason]);
    } finally {
      engine.thaw();
    }
  });

  it('started again, it is reached by the same runtime', async () => {
    await engine.restart();
    expect(await runtime.inspect(id, options)).toMatchObject({ id, state: { running: false } });
    await runtime.start(id, options);
  });

  it('killed while containers end and started again, its events are told, or inferred', async () => {
    const labels = { family: 'x' };
    const make = async (...command: string[]): Promise<string> => {
      const name = `told-${randomBytes(4).toString('hex')}`;
      const made = await runtime.create({ name, image, labels, command, networkMode: 'none', stopTimeout: 1 }, options);
      return made.id;
    };
    const [short, long, later] = [
      await make('sh', '-c', 'sleep 1; exit 3'),
      await make('sleep', '600'),
      await make('true'),
    ];
    const stream = await runtime.events({ labels, ...options });
    const told = readEvents(stream);
    for (const one of [short, long]) await runtime.start(one, options);
    await expect.poll(() => told.storyOf(long), patiently).toEqual(['start']);
    // One ends meanwhile, and nobody is there to tell it.
    await engine.freeze();
    await sleep(1_500);
    await engine.restart({ signal: 'SIGKILL' });
    await expect.poll(() => told.storyOf(short), patiently).toEqual(['start', '!', 'die*']);
    // An engine that kills what it finds running may tell so itself, to who is there again.
    await expect.poll(() => told.storyOf(long).at(-1), patiently).toMatch(/^die/);
    expect(told.storyOf(long).filter((action) => action.startsWith('die'))).toHaveLength(1);
    for (const one of [short, long]) expect((await runtime.inspect(one, options))?.state.running).toBe(false);
    await runtime.start(later, options);
    await runtime.wait(later, options);
    await expect.poll(() => told.storyOf(later), patiently).toEqual(['!', 'start', 'die']);
    expect(stream.dropped).toBe(0);
    for (const one of [short, long, later]) await runtime.remove(one, options);
    await runtime.start(id, options);
    stream.close();
  });

  // It takes its time, on whichever engine.
  it.runIf(kind === kinds[0]?.kind)('frozen for a while, it tells what has happened meanwhile, once', async () => {
    const labels = { family: 'frozen' };
    const spec = {
      name: `frozen-${randomBytes(4).toString('hex')}`,
      image,
      labels,
      command: ['sleep', '1'],
      networkMode: 'none',
    };
    const { id: short } = await runtime.create(spec, options);
    const stream = await runtime.events({ labels, idleCheckMs: 200, ...options });
    const told = readEvents(stream);
    await runtime.start(short, options);
    await expect.poll(() => told.storyOf(short), patiently).toEqual(['start']);
    await engine.freeze();
    try {
      // Longer than it is waited for an answer.
      await sleep(6_500);
    } finally {
      engine.thaw();
    }
    await expect.poll(() => told.storyOf(short).join(' '), patiently).toMatch(/^start (?:die !|! die\*)$/);
    await runtime.remove(short, options);
    await expect.poll(() => told.storyOf(short).at(-1), patiently).toBe('destroy');
    stream.close();
  });

  it('before which a stream hangs without a word, nothing is missed', async () => {
    const proxy = await startProxy(engine.socket);
    onTestFinished(proxy.close);
    const behind = await connectTo(proxy.host);
    const labels = { family: 'hung' };
    const { id: one } = await runtime.create(
      { name: `hung-${randomBytes(4).toString('hex')}`, image, labels, command: ['true'], networkMode: 'none' },
      options,
    );
    let hung = 0;
    // Its head, and a part of the first event.
    proxy.rule((request) => (request.includes('/events') && ++hung === 1 ? { stallAfter: 400 } : undefined));
    const stream = await behind.events({ labels, idleCheckMs: 200, ...options });
    const told = readEvents(stream);
    await runtime.start(one, options);
    await runtime.wait(one, options);
    await runtime.remove(one, options);
    await expect.poll(() => told.storyOf(one).at(-1), patiently).toBe('destroy*');
    expect(told.storyOf(one)).toContain('!');
    expect(told.storyOf(one).filter((action) => !/^!|\*$/.test(action))).toEqual([]);
    stream.close();
  });

  it('killed, it ends all that is under way, and what nobody reads with it', async () => {
    const waiting = failureOf(runtime.wait(id, options));
    const following = failureOf(runtime.logs(id, { ...options, follow: true }).then(collect));
    const abandoned = await runtime.logs(id, { ...options, follow: true });
    // The engine gives its output no length: it ends where the connection does. Who attaches waits for the container, too.
    const attached = await runtime.attach(id, options);
    const output = collect(attached).then(() => runtime.wait(id, options));
    process.kill(engine.dockerdPid, 'SIGKILL');
    for (const failure of [waiting, following, failureOf(output), failureOf(collect(abandoned))])
      expect(await failure).toBeInstanceOf(EngineUnavailableError);
  });

  it('gone, it is not there', async () => {
    await engine.stop();
    expect(await failureOf(runtime.inspect(id, options))).toBeInstanceOf(EngineUnavailableError);
    expect(await failureOf(connectTo(engine.host))).toMatchObject({ exitStatus: 69 });
  });
});
