import { readFileSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import * as z from 'zod';
import { describeError, exitStatusOf, OffshootError } from '../errors.ts';

/** As of tries.ts: one of them can be written by whomever we run as, in most images. */
const folders = ['/', '/tmp', '/var/tmp', '/run'];
const name = '.offshoot-verdict';

const verdict = z.object({ code: z.string(), exitStatus: z.number(), message: z.string() });

/** How a waiter has ended before its engine started it again, as it does with all that fail. It ends so once more. */
export class SettledError extends OffshootError {
  readonly code: string;
  readonly exitStatus: number;

  constructor({ code, exitStatus, message }: z.output<typeof verdict>) {
    super(message);
    this.code = code;
    this.exitStatus = exitStatus;
  }
}

/** Outlives a restart of our container, and no more. */
export function noteVerdict(error: unknown, within = '/'): void {
  const text = JSON.stringify({
    code: error instanceof OffshootError ? error.code : 'ERR_INTERNAL',
    exitStatus: exitStatusOf(error),
    message: describeError(error),
  });
  for (const folder of folders) {
    try {
      return writeFileSync(posix.join(within, folder, name), text);
    } catch {
      // Perhaps the next.
    }
  }
}

export function settledBefore(within = '/'): SettledError | undefined {
  for (const folder of folders) {
    try {
      return new SettledError(verdict.parse(JSON.parse(readFileSync(posix.join(within, folder, name), 'utf8'))));
    } catch {
      // Perhaps in the next.
    }
  }
  return undefined;
}
