import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { posix } from 'node:path';
import { CancelledError, describeError, exitStatusOf, NotReadyError } from '../errors.ts';
import type { Reporter } from '../events.ts';

/**
 * - waiting: for its time, or for conditions
 * - started, ready: as OFFSHOOT_READY asks for
 * - failed, cancelled: the message says why
 * - abandoned: the machine was rebooted meanwhile, and nothing was started
 */
export type LaunchState = 'waiting' | 'started' | 'ready' | 'failed' | 'cancelled' | 'abandoned';

/** What OFFSHOOT_STATUS_FILE holds, as JSON. */
export interface LaunchStatus {
  readonly state: LaunchState;
  /** When it became so, RFC 3339. */
  readonly time: string;
  /** Null where none has been made. */
  readonly sibling: { readonly id: string; readonly name: string } | null;
  readonly message: string;
  /** What the sibling has ended with; null where it has not, or nobody has looked. */
  readonly exitCode: number | null;
  /** Of the launcher, or of the waiter that carries the launch out; null while it goes on. */
  readonly exitStatus: number | null;
}

type Sibling = { readonly id: string; readonly name: string };

export interface StatusFile {
  /** Whom it tells of from now on. */
  about(sibling: Sibling): void;
  tell(state: LaunchState, message: string, more?: Partial<Pick<LaunchStatus, 'exitCode' | 'exitStatus'>>): void;
  /** What has ended the launch. */
  tellFailure(error: unknown): void;
}

/** Without a path it tells nobody. A launch does not fail because nobody can be told of it: that is a warning. */
export function statusFile(path: string | undefined, report: Reporter): StatusFile {
  let sibling: Sibling | null = null;
  function tell(state: LaunchState, message: string, more: Parameters<StatusFile['tell']>[2] = {}): void {
    if (path === undefined) return;
    const status: LaunchStatus = {
      ...{ state, time: new Date().toISOString(), sibling, message },
      ...{ exitCode: null, exitStatus: null, ...more },
    };
    try {
      replaceFile(path, `${JSON.stringify(status)}\n`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      report({ level: 'warn', event: 'warning', message: `the status file cannot be written: ${reason}` });
    }
  }
  return {
    about: ({ id, name }) => {
      sibling = { id, name };
    },
    tell,
    tellFailure: (error) =>
      tell(error instanceof CancelledError ? 'cancelled' : 'failed', describeError(error), {
        exitCode: error instanceof NotReadyError ? (error.exitCode ?? null) : null,
        exitStatus: exitStatusOf(error),
      }),
  };
}

/** Whoever reads it sees the old text or the new one, and it is on the disk before a sibling reboots the machine. */
function replaceFile(path: string, text: string): void {
  const draft = posix.join(posix.dirname(path), `.${posix.basename(path)}.offshoot`);
  try {
    const file = openSync(draft, 'w', 0o644);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
