import { aborted } from '../../process-group.ts';

const longestMs = 120_000;

/**
 * Work in steps, of which something could be left when it is broken off: who does not want it any more is told at once,
 * and it is undone when it is done.
 */
export async function toItsEnd<T>(
  signal: AbortSignal,
  work: (until: AbortSignal) => Promise<T>,
  undo: (made: T) => Promise<unknown>,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const done = work(AbortSignal.timeout(longestMs));
  try {
    return await Promise.race([done, aborted(signal, over.signal)]);
  } catch (error) {
    done.then(undo).catch(() => {}); // nobody is there to be told
    throw error;
  } finally {
    over.abort();
  }
}
