import { parseDuration } from '../plan/duration.ts';
import type { RunVerb } from './context.ts';
import { forEach } from './each.ts';
import { isOn, valuesOf } from './values.ts';

/** Prints the names of those that do not run any more. */
export const stop: RunVerb = (line, context) => {
  const { signal: stopSignal, time: timeoutMs } = valuesOf(line, { signal: signalName, time: parseDuration });
  const force = isOn(line, 'force');
  return forEach(line, context, {
    async act({ id }, { runtime }) {
      await runtime.stop(id, { stopSignal, timeoutMs, force, signal: context.signal });
      return { stopped: true };
    },
    text: ({ name }) => name,
  });
};

function signalName(text: string): string {
  if (!/^(?:SIG)?[A-Z][A-Z0-9+-]{1,12}$|^[1-9]\d?$/i.test(text))
    throw new Error('expected a signal: SIGTERM, TERM or 15');
  return text;
}
