/** The middle one, which a noisy machine moves least. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

export function row(name: string, values: readonly number[], unit = 'ms'): string {
  const shown = [Math.min(...values), median(values), Math.max(...values)].map((value) =>
    value.toFixed(unit === 'ms' ? 0 : 2).padStart(7),
  );
  return `${name.padEnd(52)} ${shown.join(' ')} ${unit}`;
}

/** A target, what was reached, and whether that is within it. */
export function judge(name: string, reached: number, target: number, unit: string): boolean {
  const met = reached <= target;
  console.log(`${met ? 'met   ' : 'MISSED'} ${name}: ${reached.toFixed(2)} ${unit}, target at most ${target} ${unit}`);
  return met;
}
