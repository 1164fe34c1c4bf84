import { describeError } from '../errors.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { OutputChunk, Runtime } from '../runtime/runtime.ts';
import type { Ledger } from './ledger.ts';
import type { LaunchOptions } from './options.ts';

interface Tools {
  readonly runtime: Runtime;
  readonly ledger: Ledger;
  readonly options: LaunchOptions;
}

/**
 * Starts the sibling and stays with it: its output becomes ours, signals go to it, and its exit status is what we end
 * with.
 */
export async function attached(id: string, tools: Tools & { onStart?(): void }): Promise<number> {
  const { runtime, ledger, options } = tools;
  // Attached before it starts, so that nothing is missed of one that ends at once.
  const chunks = await runtime.attach(id, options);
  await ledger.start(id, options.signal);
  ledger.keep();
  tools.onStart?.();
  return untilItsEnd(id, chunks, tools);
}

/** The same with a sibling that another launch of its key starts, or has started: all of its output again. */
export async function followed({ id, state }: ContainerRecord, tools: Tools): Promise<number> {
  const { runtime, options } = tools;
  const chunks = await (state.startedAt ? runtime.logs(id, { ...options, follow: true }) : runtime.attach(id, options));
  return untilItsEnd(id, chunks, tools);
}

async function untilItsEnd(
  id: string,
  chunks: AsyncIterable<OutputChunk>,
  { runtime, options: { report, output } }: Tools,
): Promise<number> {
  // From here on a signal is the sibling's: it decides whether it ends by it.
  const unstoppable = new AbortController().signal;
  output.passSignals((signalName) => {
    runtime.kill(id, signalName, { signal: unstoppable }).catch((error: unknown) => {
      report({
        level: 'warn',
        event: 'warning',
        message: `${signalName} did not reach the sibling: ${describeError(error)}`,
      });
    });
  });
  for await (const { stream, data } of chunks) await output.write(stream, data);
  const { exitCode } = await runtime.wait(id, { signal: unstoppable });
  return exitCode;
}
