import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { NotSupportedError } from '../../../src/errors.ts';
import { failureOf, never, promptFailureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';
import { everyCall } from './cancel-calls.ts';

/** Timers, children and sockets of this process, by their kinds; those of the engine's stand-in are among them. */
function held(): Readonly<Record<string, number>> {
  const counted = process
    .getActiveResourcesInfo()
    .filter((name) => /^(?:Timeout|ProcessWrap|\w*SocketWrap|PipeWrap)$/.test(name));
  return Object.fromEntries([...Map.groupBy(counted, (name) => name)].map(([name, all]) => [name, all.length]));
}

/** What is there now and was not then. */
function heldSince(before: Readonly<Record<string, number>>): string[] {
  return Object.entries(held()).flatMap(([name, count]) => (count > (before[name] ?? 0) ? [name] : []));
}

function isLack(error: unknown): boolean {
  return error instanceof NotSupportedError;
}

export function cancelBehaviours(behaviour: Behaviour): void {
  behaviour('before any call, without asking the engine', async (bench) => {
    const { runtime, open } = await bench.subject.silent();
    const before = open();
    const reason = new Error('cancelled before');
    for (const [name, call] of everyCall(runtime, bench.spec())) {
      expect([name, await failureOf(call(AbortSignal.abort(reason)))]).toEqual([name, reason]);
    }
    expect(open()).toBe(before);
  });

  behaviour('during any call, at once and with the signal’s own reason', async (bench) => {
    const { runtime, asked, open, asksNothing = [] } = await bench.subject.silent();
    const answered: string[] = [];
    const [before, heldBefore] = [open(), held()];
    for (const [name, call] of everyCall(runtime, bench.spec())) {
      // It asks nothing, and nothing can be asked after it.
      if (name === 'close') continue;
      const controller = new AbortController();
      const reason = new Error(`cancelled during ${name}`);
      const work = call(controller.signal);
      work.catch(() => {}); // looked at below
      const settled = work.then(
        () => 'answered',
        (error: unknown) => (isLack(error) ? 'lacking' : 'answered'),
      );
      const over = new AbortController();
      const happened = await Promise.race([asked(over.signal).then(() => 'asked'), settled]);
      over.abort();
      // What this runtime cannot do, it does not ask for.
      if (happened === 'lacking') continue;
      if (happened === 'answered') {
        answered.push(name);
        continue;
      }
      controller.abort(reason);
      expect([name, await promptFailureOf(work)]).toEqual([name, reason]);
      expect([name, getEventListeners(controller.signal, 'abort').length]).toEqual([name, 0]);
    }
    expect(answered).toEqual(asksNothing);
    // None may be left that was opened meanwhile; one that was kept for the next call may be used up.
    await expect.poll(open, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    // Without expect.poll, whose own timer would be among them.
    for (let left = 200; left > 0 && heldSince(heldBefore).length > 0; left -= 1) await sleep(50);
    expect(heldSince(heldBefore)).toEqual([]);
  });

  behaviour('during an answer', async ({ runtime, started }) => {
    const id = await started({
      command: ['sh', '-c', 'while :; do echo tick; usleep 20000; done'],
      networkMode: 'none',
    });
    const streams = {
      attach: (signal: AbortSignal) => runtime.attach(id, { signal }),
      'logs with follow': (signal: AbortSignal) => runtime.logs(id, { follow: true, signal }),
    };
    for (const [name, open] of Object.entries(streams)) {
      for (const readFirst of [true, false]) {
        const controller = new AbortController();
        const reason = new Error(`cancelled during ${name}`);
        const chunks = (await open(controller.signal))[Symbol.asyncIterator]();
        if (readFirst) await chunks.next();
        setTimeout(() => controller.abort(reason), 30);
        const read = async (): Promise<void> => {
          while (!(await chunks.next()).done);
        };
        expect([name, await failureOf(read())]).toEqual([name, reason]);
      }
    }
    const controller = new AbortController();
    const waiting = runtime.wait(id, { signal: controller.signal });
    waiting.catch(() => {}); // looked at below
    await sleep(50);
    const reason = new Error('cancelled during wait');
    controller.abort(reason);
    expect(await promptFailureOf(waiting)).toBe(reason);
    expect((await runtime.inspect(id, { signal: never }))?.state.running).toBe(true);
    await runtime.kill(id, 'SIGKILL', { signal: never });
  });

  behaviour(
    'without a word about too many listeners, whatever it is asked with one signal',
    async ({ runtime, spec }) => {
      const warnings: string[] = [];
      const note = (warning: Error): void => void warnings.push(warning.message);
      process.on('warning', note);
      const { signal } = new AbortController();
      const { id } = await runtime.create(spec(), { signal });
      await Promise.all(Array.from({ length: 40 }, () => runtime.inspect(id, { signal })));
      await sleep(10);
      process.off('warning', note);
      expect(warnings).toEqual([]);
    },
  );
}
