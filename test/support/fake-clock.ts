import type { Clock } from '../../src/timing.ts';

/** A clock on which a pause takes no time: it is set forward by it. */
export function fakeClock(start = 1_000): Clock & { readonly pauses: number[] } {
  let now = start;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => now,
    async pause(ms, signal) {
      signal.throwIfAborted();
      pauses.push(ms);
      // What happens at the same time comes first.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      now += ms;
    },
  };
}
