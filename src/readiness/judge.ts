import type { Readiness } from '../plan/readiness.ts';
import type { ContainerState } from '../runtime/container.ts';

/** What is known of the sibling at some time after its start. */
export interface Seen {
  /** `undefined` when it is gone. */
  readonly state: ContainerState | undefined;
  /** When it was started, RFC 3339, as it was seen first. */
  readonly firstStart: string | undefined;
  /** Milliseconds since it was started. */
  readonly ranForMs: number;
  /** What it ended with, where that was told before it was gone. */
  readonly exitCode: number | undefined;
}

export type Verdict =
  | { readonly is: 'ready' | 'undecided' }
  | { readonly is: 'failed'; readonly why: string; readonly exitCode: number | undefined };

/** A container that runs for so long has not failed at its beginning. */
const runningMs = 2_000;

const undecided: Verdict = { is: 'undecided' };

/** Pure. */
export function judge(ready: Readiness, seen: Seen): Verdict {
  const { state } = seen;
  if (ready.is === 'started') return { is: 'ready' };
  // As nerdctl tells it for a moment.
  if (state !== undefined && state.startedAt === undefined) return undecided;
  if (ready.is === 'exited') return judgeEnd(ready.exitCode, seen);
  if (state === undefined) return failed(`has ended${withCode(seen.exitCode)} and was removed`, seen.exitCode);
  return ready.is === 'running' ? judgeRun(state, seen) : judgeHealth(state);
}

function judgeEnd(wanted: number, { state, exitCode }: Seen): Verdict {
  if (state !== undefined && (state.running || ['restarting', 'removing'].includes(state.status))) return undecided;
  const code = state?.exitCode ?? exitCode;
  if (code === wanted) return { is: 'ready' };
  return code === undefined ? failed('has ended and was removed, and nobody tells with what', code) : ended(code);
}

function judgeRun(state: ContainerState, { firstStart, ranForMs }: Seen): Verdict {
  if (state.status === 'restarting' || (firstStart !== undefined && state.startedAt !== firstStart)) {
    const exitCode = state.running ? undefined : state.exitCode;
    return failed(`has ended${withCode(exitCode)} and is started again`, exitCode);
  }
  if (!state.running) return ended(state.exitCode);
  return ranForMs >= runningMs ? { is: 'ready' } : undecided;
}

function judgeHealth({ status, running, exitCode, health }: ContainerState): Verdict {
  if (status === 'restarting') return undecided;
  if (!running) return ended(exitCode);
  if (health === 'unhealthy') return failed('is unhealthy', undefined);
  return health === 'healthy' ? { is: 'ready' } : undecided;
}

function ended(exitCode: number): Verdict {
  return failed(`has ended${withCode(exitCode)}`, exitCode);
}

function withCode(exitCode: number | undefined): string {
  return exitCode === undefined ? '' : ` with ${exitCode}`;
}

function failed(why: string, exitCode: number | undefined): Verdict {
  return { is: 'failed', why, exitCode };
}
