import { NotInTimeError, NotReadyError, type OffshootError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import { formatDuration } from '../plan/duration.ts';
import { type Readiness, readinessText } from '../plan/readiness.ts';
import { commandLineOf } from '../runtime/command-line.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Clock, poll } from '../timing.ts';
import { judge, type Verdict } from './judge.ts';
import { lastLines } from './last-lines.ts';
import { type Observation, observe, type Observed, unobserved } from './observe.ts';
import { wayOn } from './way-on.ts';

export interface Expectation {
  readonly sibling: Observed & { readonly name: string };
  readonly ready: Readiness;
  readonly timeoutMs: number;
}

export interface SeeTools extends StageOptions {
  readonly runtime: Runtime;
  readonly clock: Clock;
}

/**
 * Starts the sibling, and resolves when it is what is asked for.
 * @throws NotReadyError when it cannot become so any more, NotInTimeError; what `start` throws
 */
export async function startAndSee(expected: Expectation, start: () => Promise<void>, tools: SeeTools): Promise<void> {
  if (expected.ready.is === 'started') return start();
  const over = new AbortController();
  const listening = AbortSignal.any([tools.signal, over.signal]);
  try {
    const observation = await observe(expected.sibling, tools.runtime, listening);
    await start();
    await untilReady(expected, observation, tools.clock.now(), tools);
  } finally {
    over.abort();
  }
}

/** The same for one that was started so long ago: the time-out counts from then on where it is told. */
export async function seeReady(expected: Expectation, ranForMs: number, tools: SeeTools): Promise<void> {
  if (expected.ready.is === 'started') return;
  await untilReady(expected, unobserved, tools.clock.now() - ranForMs, tools);
}

/** What the last look has shown. */
interface Look {
  readonly record: ContainerRecord | undefined;
  readonly verdict: Verdict;
}

async function untilReady(
  expected: Expectation,
  { ended, output }: Observation,
  startedAt: number,
  tools: SeeTools,
): Promise<void> {
  const { sibling, ready, timeoutMs } = expected;
  const { runtime, clock, report } = tools;
  let exitCode: number | undefined;
  let told = false;
  const end = (async () => {
    exitCode = await ended;
    told = true;
  })();
  let firstStart: string | undefined;
  let last: Look | undefined;
  const look = async (signal: AbortSignal): Promise<Look | undefined> => {
    // An engine that is away comes back, or the time is over.
    const answer = await runtime.inspect(sibling.id, { signal }).then(
      (record) => ({ record }),
      () => undefined,
    );
    if (answer === undefined) return undefined;
    const { record } = answer;
    // How it ended may be told after it has gone.
    if (record === undefined && !told) await Promise.race([end, clock.pause(newsMs, signal)]);
    firstStart ??= record?.state.startedAt;
    const ranForMs = clock.now() - startedAt;
    last = { record, verdict: judge(ready, { state: record?.state, firstStart, ranForMs, exitCode }) };
    return last.verdict.is === 'undecided' ? undefined : last;
  };
  // An end is news only once.
  const changed = (): Promise<void> => (told ? new Promise(() => {}) : end);
  const found = await poll(look, { ...tools, until: startedAt + timeoutMs, changed });
  const asked = readinessText(ready);
  if (found?.verdict.is === 'ready') {
    report({ level: 'info', event: 'ready', message: `${sibling.name}: ${asked}`, id: sibling.id, ready: asked });
    return;
  }
  const record = (found ?? last)?.record;
  const hint = wayOn(sibling, record, commandLineOf(runtime));
  const error = failure(expected, found?.verdict, { last, hint });
  report({
    level: 'error',
    event: 'not-ready',
    message: error.message,
    id: sibling.id,
    name: sibling.name,
    ready: asked,
    exitCode: error instanceof NotReadyError ? (error.exitCode ?? null) : null,
    removed: record === undefined,
    log: await (output ?? logOf(sibling.id, tools)).lines(),
  });
  throw error;
}

function failure(
  { sibling: { name }, ready, timeoutMs }: Expectation,
  verdict: Verdict | undefined,
  { last, hint }: { readonly last: Look | undefined; readonly hint: string },
): OffshootError {
  const asked = `OFFSHOOT_READY=${readinessText(ready)}`;
  if (verdict?.is === 'failed')
    return new NotReadyError(`${name} ${verdict.why} (${asked})`, verdict.exitCode, { hint });
  const state = last?.record?.state;
  const is = state === undefined ? 'the engine does not answer' : `it is ${state.health ?? state.status}`;
  const limit = `${formatDuration(timeoutMs)} (OFFSHOOT_READY_TIMEOUT)`;
  return new NotInTimeError(`${name} was not ready within ${limit}: ${is} (${asked})`, { hint });
}

/** What the engine has kept. */
function logOf(id: string, { runtime, signal }: SeeTools): { lines(): Promise<readonly string[]> } {
  const output = lastLines();
  return {
    async lines() {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(logMs)]);
      try {
        await output.read(await runtime.logs(id, { tail: 50, signal: limited }));
      } catch {
        // It is gone, its log is written elsewhere, or the engine is away.
      }
      return output.lines();
    },
  };
}

const logMs = 5_000;
const newsMs = 1_000;
