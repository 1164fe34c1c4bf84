import { EngineUnavailableError, ImageUnavailableError, type OffshootError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import { formatDuration } from '../plan/duration.ts';
import { pause } from '../timing.ts';

/** How patient a pull is. */
export interface Patience {
  readonly tries: number;
  /** Before the second try; each further pause is twice as long, and all are spread by half. */
  readonly firstPauseMs: number;
}

export const usualPatience: Patience = { tries: 5, firstPauseMs: 1_000 };

interface TriesOptions extends StageOptions, Patience {
  readonly image: string;
  /** As `performance.now()` tells it: a try that could not begin before is not waited for. */
  readonly deadline: number;
  /** The names of the two in messages: `OFFSHOOT_PULL_TIMEOUT`. */
  readonly limitName: string;
}

type Failure = ImageUnavailableError | EngineUnavailableError;

/**
 * Tries again what may work a moment later, and nothing else.
 * @throws the last failure, with the number of tries
 */
export async function withPatience(work: () => Promise<void>, options: TriesOptions): Promise<void> {
  const { tries, image, deadline, limitName, signal, report } = options;
  for (let count = 1; ; count += 1) {
    try {
      await work();
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isTemporary(error)) throw error;
      if (count >= tries) throw again(error, `${error.message} (the last of ${count} tries)`);
      const pauseMs = pauseAfter(error, count, options);
      if (performance.now() + pauseMs >= deadline) throw outOfTime(error, { count, pauseMs, limitName });
      const what = `${error.message}; try ${count + 1} of ${tries} in ${formatDuration(rounded(pauseMs))}`;
      const fields = { image, phase: 'retry', try: count + 1, ...reasonOf(error) };
      report({ level: 'warn', event: 'pull', message: what, ...fields });
      await pause(pauseMs, signal);
    }
  }
}

/** An engine that restarts is back in a moment, and a pull can be asked for again without harm. */
function isTemporary(error: unknown): error is Failure {
  return error instanceof EngineUnavailableError || (error instanceof ImageUnavailableError && error.temporary);
}

function pauseAfter(error: Failure, count: number, { firstPauseMs }: Patience): number {
  const spread = 0.5 + Math.random();
  // Not a moment earlier than it asks for, and not all at the same moment.
  const asked = error instanceof ImageUnavailableError ? error.retryAfterMs : undefined;
  return asked === undefined ? firstPauseMs * 2 ** (count - 1) * spread : asked + firstPauseMs * spread;
}

interface Late {
  readonly count: number;
  readonly pauseMs: number;
  readonly limitName: string;
}

function outOfTime(error: Failure, { count, pauseMs, limitName }: Late): OffshootError {
  const tried = count === 1 ? 'tried once' : `tried ${count} times`;
  if (!(error instanceof ImageUnavailableError) || error.retryAfterMs === undefined)
    return again(error, `${error.message} (${tried}; ${limitName} leaves no time for another)`);
  const when = new Date(Date.now() + pauseMs).toISOString();
  return again(error, `${error.message} (${tried}; it may be asked again at ${when}, later than ${limitName} allows)`);
}

function again(error: Failure, message: string): Failure {
  const { hint } = error;
  if (error instanceof EngineUnavailableError) return new EngineUnavailableError(message, { hint, cause: error });
  const { reason, temporary, retryAfterMs } = error;
  return new ImageUnavailableError(message, { hint, reason, temporary, retryAfterMs, cause: error });
}

function reasonOf(error: Failure): { reason?: string } {
  return error instanceof ImageUnavailableError ? { reason: error.reason } : {};
}

/** For people. */
function rounded(ms: number): number {
  return ms < 1_000 ? Math.ceil(ms / 100) * 100 : Math.ceil(ms / 1_000) * 1_000;
}
