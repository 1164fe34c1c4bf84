import type { RunVerb } from './context.ts';
import { forEach } from './each.ts';

/** Prints the status of each in the order in which they are named, as `docker wait`; its own is 0. */
export const wait: RunVerb = (line, context) =>
  forEach(line, context, {
    act: ({ id }, { runtime }) => runtime.wait(id, { signal: context.signal }),
    text: (_, { exitCode }) => String(exitCode),
  });
