import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError, describeError, endingSignals } from '../errors.ts';
import { commandLineOf } from '../runtime/command-line.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { OutputChunk, Runtime } from '../runtime/runtime.ts';
import type { Ledger } from './ledger.ts';
import type { LaunchOptions } from './options.ts';
import { unbroken } from './unbroken.ts';

interface Tools {
  readonly runtime: Runtime;
  readonly ledger: Ledger;
  readonly options: LaunchOptions;
}

interface Sibling {
  readonly id: string;
  readonly name: string;
  /** The engine removes it when it has ended: how it ends has to be asked before. */
  readonly autoRemove?: boolean | undefined;
}

type Exit = Promise<{ readonly exitCode: number }>;

/**
 * Starts the sibling and stays with it: its output becomes ours, signals go to it, and its exit status is what we end
 * with.
 */
export async function attached(sibling: Sibling, tools: Tools & { onStart?(): void }): Promise<number> {
  const { runtime, ledger, options } = tools;
  const { id, autoRemove } = sibling;
  const following = new AbortController();
  const { signal } = following;
  try {
    // Attached before it starts, so that nothing is missed of one that ends at once.
    const chunks = await runtime.attach(id, { signal: AbortSignal.any([options.signal, signal]) });
    const exit = autoRemove === true ? await runtime.nextExit?.(id, { signal }) : undefined;
    exit?.ended.catch(() => {}); // looked at when its output has ended
    await ledger.start(id, options.signal);
    ledger.keep();
    tools.onStart?.();
    return await untilItsEnd(sibling, chunks, exit?.ended, following, tools);
  } finally {
    // An engine may keep them open: of one that has not started, and when it forgets to tell the end.
    following.abort();
  }
}

/** The same with a sibling that another launch of its key starts, or has started: all of its output again. */
export async function followed(sibling: ContainerRecord, tools: Tools): Promise<number> {
  const { id, state } = sibling;
  const { runtime, options } = tools;
  const chunks = await (state.startedAt
    ? runtime.logs(id, { signal: options.signal, follow: true })
    : runtime.attach(id, { signal: options.signal }));
  const following = new AbortController();
  return untilItsEnd(sibling, chunks, undefined, following, tools).finally(() => following.abort());
}

/** What has said all that it says has ended by then, unless its connection has broken off where none can tell. */
const quietMs = 2_000;

async function untilItsEnd(
  sibling: Sibling,
  first: AsyncIterable<OutputChunk>,
  asked: Exit | undefined,
  following: AbortController,
  tools: Tools,
): Promise<number> {
  const { id, name } = sibling;
  const { runtime, options } = tools;
  const { report, output } = options;
  const { signal } = following;
  const warn = (message: string): void => report({ level: 'warn', event: 'warning', message, id });
  const seen = Promise.withResolvers<{ exitCode: number }>();
  // From here on a signal is the sibling's: it decides whether it ends by it.
  output.passSignals((signalName) => {
    passOn(signalName, sibling, tools).then(
      (exitCode) => exitCode !== undefined && seen.resolve({ exitCode }),
      (error: unknown) => {
        warn(`${signalName} did not reach ${name}: ${describeError(error)}`);
        // Who tells us to end does not wait for an engine that does not answer.
        const ending = endingSignals.find((one) => one === signalName);
        if (ending !== undefined) following.abort(new CancelledError(ending));
      },
    );
  });

  let exit = asked;
  const ended = (): Exit => (exit ??= Promise.race([runtime.wait(id, { signal }), seen.promise]));
  try {
    const chunks = unbroken({
      first,
      again: () => runtime.logs(id, { signal, follow: true }),
      hasEnded: () => Promise.race([ended().then(() => true), sleep(quietMs, false, { ref: false })]),
      onBreak: (error) => warn(`${describeError(error)}; what ${name} says is read on from its log`),
      onLoss(error) {
        signal.throwIfAborted();
        warn(`some of what ${name} says may be missing: ${describeError(error)}`);
      },
    });
    for await (const { stream, data } of chunks) await output.write(stream, data);
    return (await ended()).exitCode;
  } catch (error) {
    const commandLine = commandLineOf(runtime);
    warn(`${name} may go on without us: ${commandLine} logs ${name}; ${commandLine} wait ${name}`);
    throw error;
  }
}

/** Longer than an engine takes that works. */
const passMs = 10_000;

/** The exit status of one that had ended already, which an engine may forget to tell. */
async function passOn(signalName: string, { id }: Sibling, { runtime }: Tools): Promise<number | undefined> {
  const signal = AbortSignal.timeout(passMs);
  await runtime.kill(id, signalName, { signal });
  if (!endingSignals.some((one) => one === signalName)) return undefined;
  const state = (await runtime.inspect(id, { signal }))?.state;
  return state === undefined || state.running || state.startedAt === undefined ? undefined : state.exitCode;
}
