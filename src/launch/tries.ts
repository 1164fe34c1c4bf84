import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';

/** One of them can be written by whomever we run as; they outlive a restart of our container, and no more. */
const folders = ['/', '/tmp', '/var/tmp', '/run'];
const name = '.offshoot-tries';

/**
 * How often a waiter has tried a start that was cut off. A sibling that brings the engine down is stopped by this from
 * doing so for ever, where neither the engine nor the machine's boot tells: when it did not remember the start, and
 * runs in a container that was restarted with it.
 */
export interface Tries {
  readonly count: number;
  /** From now on until `settled`, whatever ends us counts as one. */
  begin(): void;
  settled(): void;
}

export function readTries(within = '/'): Tries {
  const paths = folders.map((folder) => posix.join(within, folder, name));
  const count = Math.max(0, ...paths.map(countIn));
  return {
    count,
    begin() {
      for (const path of paths) if (wrote(path, count + 1)) return;
    },
    settled() {
      for (const path of paths) rmSync(path, { force: true });
    },
  };
}

function countIn(path: string): number {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || 0;
  } catch {
    return 0;
  }
}

function wrote(path: string, count: number): boolean {
  try {
    writeFileSync(path, String(count));
    return true;
  } catch {
    return false;
  }
}
