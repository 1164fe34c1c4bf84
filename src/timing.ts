import { setTimeout as sleep } from 'node:timers/promises';

/** Rejects with the signal's own reason, which says why and with which status we end; a timer's is another. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}

/** A clock that only goes forward, whatever happens to the time of day. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Rejects with the signal's reason. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export interface PollOptions {
  readonly clock: Clock;
  /** By the clock; it is looked once also where that is over. */
  readonly until: number;
  readonly signal: AbortSignal;
  /** Resolves when it is worth looking before it is time to; it does not reject. */
  readonly changed?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

const firstMs = 250;
const longestMs = 2_000;
/** For one look. Who does not answer in this time counts as not there. */
const lookMs = 5_000;
const shortestLookMs = 1_000;

/**
 * Looks until there is something to be seen: at once, when something has changed, and every now and then, as not
 * everything tells of its changes. `undefined` when the time is over.
 */
export async function poll<T>(
  look: (signal: AbortSignal) => Promise<T | undefined>,
  { clock, until, signal, changed }: PollOptions,
): Promise<T | undefined> {
  for (let interval = firstMs; ; interval = Math.min(Math.round(interval * 1.5), longestMs)) {
    signal.throwIfAborted();
    const limit = Math.min(lookMs, Math.max(until - clock.now(), shortestLookMs));
    const found = await look(AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(limit))]));
    signal.throwIfAborted();
    if (found !== undefined) return found;
    const left = until - clock.now();
    if (left <= 0) return undefined;
    const over = new AbortController();
    const resting = clock.pause(Math.min(interval, left), AbortSignal.any([signal, over.signal]));
    resting.catch(() => {}); // where a change comes first
    await Promise.race([resting, ...(changed === undefined ? [] : [changed(signal)])]);
    over.abort();
  }
}
