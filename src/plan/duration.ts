const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const component = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;
const wholeDuration = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

/** A year: beyond it a value is a mistake in its unit. */
const longestMs = 366 * 24 * unitMs.h;

/**
 * Milliseconds of `10` (seconds), `1.5s`, `1m30s`, `500ms`.
 * @throws Error saying what is accepted
 */
export function parseDuration(text: string): number {
  const withUnit = /^\d+(?:\.\d+)?$/.test(text) ? `${text}s` : text;
  if (!wholeDuration.test(withUnit)) {
    throw new Error('expected seconds (10) or a duration of h, m, s and ms (1m30s, 500ms)');
  }
  let total = 0;
  for (const [, amount, unit] of withUnit.matchAll(component))
    total += Number(amount) * unitMs[unit as keyof typeof unitMs];
  if (total > longestMs) throw new Error('is longer than a year; is the unit right?');
  return Math.round(total);
}

/** For people: `1m30s`, `2s`, `1.5s`. */
export function formatDuration(ms: number): string {
  if (ms < unitMs.s) return `${ms}ms`;
  const hours = Math.floor(ms / unitMs.h);
  const minutes = Math.floor((ms % unitMs.h) / unitMs.m);
  const seconds = (ms % unitMs.m) / unitMs.s;
  return [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${Number(seconds.toFixed(3))}s`]
    .filter(Boolean)
    .join('');
}
