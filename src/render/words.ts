/** A word as a POSIX shell takes it for itself. It cannot hold a zero byte; neither can a command line. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A row as Go's encoding/csv reads it: `--mount`, `--network`, `--gpus`. */
export function csv(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

const units = ['', 'k', 'm', 'g', 't'];

/** `512m`: the largest unit that is exact, in powers of 1024. */
export function bytes(count: number): string {
  let at = 0;
  while (count !== 0 && count % 1024 === 0 && at < units.length - 1) {
    count /= 1024;
    at += 1;
  }
  return `${count}${units[at]}`;
}

/** `90s`, of nanoseconds: as both docker and compose read it. */
export function duration(nanoseconds: number): string {
  const scales = [
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
  ] as const;
  const [unit, scale] = scales.find(([, size]) => nanoseconds % size === 0) ?? ['ns', 1];
  return `${nanoseconds / scale}${unit}`;
}

/** `0.5`, of billionths: never rounded, never with an exponent. */
export function billionths(count: number): string {
  const digits = String(count).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
}
