import { describe, expect, it } from 'vitest';
import { EngineUnavailableError, NotInTimeError, NotReadyError } from '../../../src/errors.ts';
import type { OffshootEvent } from '../../../src/events.ts';
import { parseReadiness } from '../../../src/plan/readiness.ts';
import { lastLines } from '../../../src/readiness/last-lines.ts';
import { type Expectation, seeReady, startAndSee } from '../../../src/readiness/see.ts';
import type { ContainerState } from '../../../src/runtime/container.ts';
import type { OutputChunk, Runtime } from '../../../src/runtime/runtime.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeContainers, recordOf } from '../../support/fake-containers.ts';

const { signal } = new AbortController();

async function* said(...texts: readonly string[]): AsyncGenerator<OutputChunk> {
  for (const text of texts) yield { stream: 'stdout', data: Buffer.from(text) };
}

/** At each look the next of these; the last stays. `undefined`: gone. */
function stage(looks: readonly (Partial<ContainerState> | Error | undefined)[], more: Partial<Runtime> = {}) {
  const calls: string[] = [];
  const events: OffshootEvent[] = [];
  let at = 0;
  const record = recordOf({ id: 'x', name: 'app' });
  const runtime: Runtime = {
    ...fakeContainers(),
    async inspect() {
      calls.push('inspect');
      const look = looks[Math.min(at++, looks.length - 1)];
      if (look instanceof Error) throw look;
      return look && { ...record, state: { ...record.state, ...look } };
    },
    async logs() {
      calls.push('logs');
      return said('why\n');
    },
    async attach() {
      calls.push('attach');
      return said('from the beginning\n');
    },
    async nextExit() {
      calls.push('nextExit');
      return { ended: new Promise(() => {}) };
    },
    ...more,
  };
  const tools = { runtime, clock: fakeClock(), signal, report: (event: OffshootEvent) => void events.push(event) };
  const expected = (ready: string, autoRemove = false): Expectation => ({
    sibling: { id: 'x', name: 'app', autoRemove },
    ready: parseReadiness(ready),
    timeoutMs: 60_000,
  });
  const run = (ready: string, autoRemove?: boolean) =>
    startAndSee(expected(ready, autoRemove), async () => void calls.push('start'), tools);
  return { calls, events, tools, expected, run };
}

const running = { status: 'running', running: true };
const ended = (exitCode: number) => ({ status: 'exited', running: false, exitCode });

describe('readiness', () => {
  it('of one that is only to be started asks nothing', async () => {
    const { run, calls } = stage([undefined]);
    await run('started');
    expect(calls).toEqual(['start']);
  });

  it('is listened for before the start', async () => {
    const { run, calls } = stage([running, ended(0)]);
    await run('exited:0', true);
    expect(calls).toEqual(['nextExit', 'attach', 'start', 'inspect', 'inspect']);
  });

  it('survives an engine that is away, and listeners that it does not let us have', async () => {
    const away = new EngineUnavailableError('away');
    const refuse = async (): Promise<never> => {
      throw away;
    };
    const { run } = stage([away, away, running, ended(0)], { nextExit: refuse, attach: refuse });
    await expect(run('exited:0', true)).resolves.toBeUndefined();
  });

  it('takes the exit status of what is gone from the news of its end', async () => {
    const nextExit = async () => ({ ended: Promise.resolve({ exitCode: 3 }) });
    await stage([undefined], { nextExit }).run('exited:3', true);
    const { run, events } = stage([undefined], { nextExit });
    await expect(run('exited:0', true)).rejects.toThrow(NotReadyError);
    expect(events).toEqual([
      expect.objectContaining({ event: 'not-ready', exitCode: 3, removed: true, log: ['from the beginning'] }),
    ]);
  });

  it('that fails is told with the end of the log and what to try', async () => {
    const { run, events } = stage([running, ended(3)]);
    await expect(run('running')).rejects.toMatchObject({
      code: 'ERR_NOT_READY',
      message: 'app has ended with 3 (OFFSHOOT_READY=running)',
      hint: 'It is kept: fake logs app; fake start -a app runs it again.',
    });
    expect(events).toEqual([
      expect.objectContaining({ event: 'not-ready', id: 'x', name: 'app', exitCode: 3, removed: false, log: ['why'] }),
    ]);
  });

  it('has its time, also where the engine stays away', async () => {
    const slow = stage([{ ...running, health: 'starting' }]);
    await expect(slow.run('healthy')).rejects.toThrow(/within 1m .*it is starting/);
    expect(slow.tools.clock.now()).toBe(61_000);
    await expect(stage([new Error('away')]).run('exited:0')).rejects.toThrow(NotInTimeError);
  });

  it('of one that was started before is seen at once', async () => {
    const { tools, expected } = stage([running]);
    await seeReady(expected('running'), 5_000, tools);
    expect(tools.clock.now()).toBe(1_000);
    await expect(seeReady(expected('exited:0'), 59_900, tools)).rejects.toThrow(NotInTimeError);
    expect(tools.clock.now()).toBe(1_100);
  });

  it('ends with the reason of the signal', async () => {
    const { expected, tools } = stage([running]);
    const ending = new AbortController();
    const start = async (): Promise<void> => ending.abort(new Error('ended'));
    await expect(startAndSee(expected('exited:0'), start, { ...tools, signal: ending.signal })).rejects.toThrow(
      'ended',
    );
  });
});

describe('the last lines', () => {
  const linesOf = async (...texts: readonly string[]) => {
    const last = lastLines();
    await last.read(said(...texts));
    return last.lines();
  };

  it('are fifty, whatever comes before, with one that does not end', async () => {
    const all = Array.from({ length: 1_000 }, (_, at) => `line ${at}`);
    expect(await linesOf(all.join('\n'))).toEqual(all.slice(-50));
  });

  it('are whole, however they are cut', async () => {
    expect(await linesOf('a', 'b\nc\r', '\n\nd', '\n')).toEqual(['ab', 'c', '', 'd']);
    const [first, second] = [Buffer.from('ä\n').subarray(0, 1), Buffer.from('ä\n').subarray(1)];
    const last = lastLines();
    await last.read(
      (async function* () {
        for (const data of [first, second]) yield { stream: 'stderr' as const, data };
      })(),
    );
    expect(await last.lines()).toEqual(['ä']);
  });

  it('are cut where they are long, and fill no memory', async () => {
    const [line = ''] = await linesOf(...Array.from({ length: 100 }, () => 'x'.repeat(1_000)));
    expect(line.length).toBeLessThan(2_100);
  });
});
