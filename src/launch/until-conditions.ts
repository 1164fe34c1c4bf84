import { untilAllHold } from '../conditions/hold.ts';
import { probeOf } from '../conditions/probes.ts';
import type { Watched } from '../conditions/watched.ts';
import { NotInTimeError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import { formatDuration } from '../plan/duration.ts';
import type { WhenElse } from '../plan/variables.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Clock } from '../timing.ts';
import { bootClock } from './clock.ts';

export interface Awaited {
  readonly when: readonly Watched[];
  /** By the clock. */
  readonly sinceMs: number;
  readonly whenTimeoutMs: number;
  readonly whenElse: WhenElse;
}

export interface AwaitTools extends StageOptions {
  readonly runtime: Runtime;
  readonly clock?: Clock;
}

/**
 * Resolves when the sibling may be started.
 * @throws NotInTimeError when the conditions have not held in time, and it may not
 */
export async function untilConditionsHold(
  { when, sinceMs, whenTimeoutMs, whenElse }: Awaited,
  { runtime, clock = bootClock, ...options }: AwaitTools,
): Promise<void> {
  if (when.length === 0) return;
  const limit = formatDuration(whenTimeoutMs);
  const waitsFor = when.map(({ text }) => text).join(' and ');
  options.report({ level: 'info', event: 'waiting', message: `waits for ${waitsFor}, ${limit} at most` });
  const probes = when.map((condition) => probeOf(condition, runtime));
  const unmet = await untilAllHold(probes, { ...options, clock, until: sinceMs + whenTimeoutMs });
  if (unmet.length === 0) return;
  const rest = unmet.map(({ text, obstacle }) => `${text}: ${obstacle}`).join('; ');
  const message = `the conditions did not hold within ${limit} (OFFSHOOT_WHEN_TIMEOUT): ${rest}`;
  if (whenElse === 'abort') throw new NotInTimeError(message);
  options.report({ level: 'warn', event: 'warning', message: `${message}; started all the same (OFFSHOOT_WHEN_ELSE)` });
}
