import { NotFoundError } from '../errors.ts';
import { parseDuration } from '../plan/duration.ts';
import type { RunVerb } from './context.ts';
import { forEach } from './each.ts';
import { isOn, valuesOf } from './values.ts';
import { waitersOf } from './waiters.ts';

/**
 * Prints the names of those that do not run any more. One that is to be started later is not: its waiter is ended, and
 * takes it back.
 */
export const stop: RunVerb = (line, context) => {
  const { signal: stopSignal, time: timeoutMs } = valuesOf(line, { signal: signalName, time: parseDuration });
  const force = isOn(line, 'force');
  const { signal } = context;
  return forEach(line, context, {
    async act(target, { runtime }) {
      const waiters = await waitersOf(target, runtime, signal);
      for (const { id } of waiters) await runtime.stop(id, { signal });
      try {
        await runtime.stop(target.id, { stopSignal, timeoutMs, force, signal });
      } catch (error) {
        if (waiters.length === 0 || !(error instanceof NotFoundError)) throw error;
      }
      return { stopped: true, waiters: waiters.map(({ name }) => name) };
    },
    text: ({ name }) => name,
  });
};

function signalName(text: string): string {
  if (!/^(?:SIG)?[A-Z][A-Z0-9+-]{1,12}$|^[1-9]\d?$/i.test(text))
    throw new Error('expected a signal: SIGTERM, TERM or 15');
  return text;
}
