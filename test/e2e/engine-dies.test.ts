import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { EngineUnavailableError } from '../../src/errors.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { type Engine, startEngine } from '../../tools/engines/index.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { importBusybox } from '../support/payload-image.ts';
import { collect, connectTo, failureOf, never, promptFailureOf } from '../support/runtime.ts';

const options = { signal: never };
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
