import type { Runtime } from '../runtime/runtime.ts';
import { describeError } from '../errors.ts';
import type { Ledger } from './ledger.ts';
import type { LaunchOptions } from './options.ts';

/**
 * Starts the sibling and stays with it: its output becomes ours, signals go to it, and its exit status is what we end
 * with.
 */
export async function attached(id: string, runtime: Runtime, ledger: Ledger, options: LaunchOptions): Promise<number> {
  const { signal, report, output } = options;
  // Attached before it starts, so that nothing is missed of one that ends at once.
  const chunks = await runtime.attach(id, { signal });
  await ledger.start(id, signal);
  ledger.keep();

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
