import { NotFoundError } from '../errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { pause } from '../timing.ts';
import type { RunVerb } from './context.ts';
import { forEach } from './each.ts';

/**
 * Prints the status of each in the order in which they are named, as `docker wait`; its own is 0. Other than there, one
 * that was never started has not ended: it is waited for.
 */
export const wait: RunVerb = (line, context) =>
  forEach(line, context, {
    act: ({ id, name }, { runtime }) => exitOf(id, name, runtime, context.signal),
    text: (_, { exitCode }) => String(exitCode),
  });

async function exitOf(id: string, name: string, runtime: Runtime, signal: AbortSignal): Promise<{ exitCode: number }> {
  const record = await runtime.inspect(id, { signal });
  if (record?.state.startedAt !== undefined) return runtime.wait(id, { signal });
  const over = new AbortController();
  const within = AbortSignal.any([signal, over.signal]);
  try {
    // One that removes itself may be gone before we look.
    const next = await runtime.nextExit?.(id, { signal: within });
    const ways = [...(next === undefined ? [] : [next.ended]), looking(id, name, runtime, within)];
    for (const way of ways) way.catch(() => {}); // of the slower one nobody hears
    return await Promise.race(ways);
  } finally {
    over.abort();
  }
}

const lookMs = 500;
const newsMs = 3_000;

async function looking(id: string, name: string, runtime: Runtime, signal: AbortSignal): Promise<{ exitCode: number }> {
  for (;;) {
    await pause(lookMs, signal);
    const record = await runtime.inspect(id, { signal });
    if (record === undefined) {
      // Of one that has removed itself the engine's own news may be on its way.
      await pause(newsMs, signal);
      throw new NotFoundError('container', name, { hint: 'It was removed before it was started.' });
    }
    if (record.state.startedAt !== undefined) return runtime.wait(id, { signal });
  }
}
