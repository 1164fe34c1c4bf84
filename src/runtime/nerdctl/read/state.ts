import * as z from 'zod';
import type { ContainerState } from '../../container.ts';
import type { Client } from '../command/client.ts';
import type { CompatContainer, NativeContainer } from './native.ts';

/** What nerdctl tells of it; without a task it tells nothing. */
export function stateOf({ State }: CompatContainer): ContainerState {
  const { Status, Running, Paused, Pid, ExitCode, StartedAt } = State;
  return {
    status: Status === '' || Status === 'unknown' ? 'created' : Status,
    running: Running || Paused,
    // It stays where it was when the process has gone.
    pid: Running || Paused ? Pid : 0,
    exitCode: ExitCode,
    startedAt: StartedAt || undefined,
  };
}

const lifecycle = z.object({ started_at: z.string() });
/** Docker's, for a container whose end nobody has seen. */
const unseenEnd = 255;
/** The file is written in the middle of a start, which may still fail. */
const longestStartMs = 10_000;

/**
 * After a reboot, or when its shim was killed, a container has no task: it would look as if it had never been started,
 * and be started once more. A file of nerdctl's tells; after a start that failed there is an error beside it.
 */
export async function stateNow(client: Client, compat: CompatContainer, signal: AbortSignal): Promise<ContainerState> {
  const state = stateOf(compat);
  const folder = compat.Config.Labels['nerdctl/state-dir'];
  if (compat.State.Status !== '' || compat.State.Error !== '') return state;
  const startedAt = await lastStart(client, folder, signal);
  const isOver = startedAt !== undefined && Date.now() - Date.parse(startedAt) > longestStartMs;
  return isOver ? { ...state, status: 'exited', exitCode: unseenEnd, startedAt } : state;
}

/** One process of nerdctl less than `stateNow`. Undefined for what does not run: of that nerdctl knows more. */
export async function runningState(
  client: Client,
  { Process, Labels, CreatedAt }: NativeContainer,
  signal: AbortSignal,
): Promise<ContainerState | undefined> {
  if (Process?.Status.Status !== 'running') return undefined;
  const startedAt = (await lastStart(client, Labels['nerdctl/state-dir'], signal)) ?? CreatedAt;
  return { status: 'running', running: true, pid: Process.Pid, exitCode: 0, startedAt };
}

async function lastStart(client: Client, folder: string | undefined, signal: AbortSignal): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  const { stdout } = await client.runProgram(['cat', `${folder}/lifecycle.json`], { signal });
  return startedAtIn(stdout);
}

function startedAtIn(text: string): string | undefined {
  try {
    const { started_at: time } = lifecycle.parse(JSON.parse(text));
    return time.startsWith('0001-') ? undefined : time;
  } catch {
    return undefined; // there is no such file
  }
}

/** Where a container has gone between two questions. */
export function stateIn({ Process }: NativeContainer): ContainerState {
  const running = Process?.Status.Status === 'running';
  const status = Process === null || Process === undefined ? 'created' : running ? 'running' : 'exited';
  return { status, running, pid: running ? (Process?.Pid ?? 0) : 0, exitCode: 0, startedAt: undefined };
}
