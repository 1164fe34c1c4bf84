import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { EngineUnavailableError, NotSupportedError, TimeoutError } from '../errors.ts';
import { pause } from '../timing.ts';
import {
  type ContainerdAddress,
  readChildPid,
  resolveContainerdAddress,
  rootlessAddress,
} from './containerd-address.ts';
import { type HostView, readHost } from './host-view.ts';
import { userNamespace } from './namespace-processes.ts';
import { startCommand, startEnvironment } from './rootless-command.ts';
import { type DaemonProcess, endDaemon, startDaemon } from './rootless-process.ts';
import { findPrograms, missingFor, type ProgramPaths } from './rootless-needs.ts';
import { type RootlessPlaces, rootlessPlaces } from './rootless-places.ts';
import { detectRootless, type RootlessMode } from './rootless.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ContainerdDaemonOptions extends ProgramPaths {
  readonly env: Environment;
  /** Default `auto`. */
  readonly mode?: RootlessMode | undefined;
}

export interface DaemonCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds: of a start 30 000, of a stop 10 000. */
  readonly timeoutMs?: number | undefined;
}

/** A containerd of the user that we are. */
export interface ContainerdDaemon {
  /**
   * Resolves when one answers: one that runs, or one that is started and goes on without us. One that does not answer
   * in time, or whose start is cancelled, is ended with all that it has started.
   * @throws NotSupportedError as root, whose containerd is the service manager's
   * @throws EngineUnavailableError with all that this machine lacks for it, or with what it said before it ended
   * @throws TimeoutError
   */
  ensureStarted(
    options?: DaemonCallOptions,
  ): Promise<{ readonly address: ContainerdAddress; readonly started: boolean }>;
  /** Ends it and its containers; `false` where none runs. @throws TimeoutError where something of it goes on */
  stop(options?: DaemonCallOptions): Promise<{ readonly stopped: boolean }>;
}

const pollMs = 100;

/** @throws InvalidArgumentError */
export function containerdDaemon(options: ContainerdDaemonOptions, host: HostView = readHost()): ContainerdDaemon {
  const { env, mode } = options;
  const { rootless } = detectRootless(mode, host);
  const places = rootlessPlaces(env, host);
  return {
    async ensureStarted({ signal = new AbortController().signal, timeoutMs = 30_000 } = {}) {
      signal.throwIfAborted();
      for (const address of [resolveContainerdAddress({ env }, host), rootless && rootlessAddress(places, host)])
        if (address && (await answers(address.address, signal))) return { address, started: false };
      if (!rootless)
        throw new NotSupportedError("the containerd of root is not started by us: it is the service manager's", {
          ...{ runtime: 'nerdctl', operation: 'daemon.ensureStarted', capability: 'autoStart' },
          hint: 'systemctl start containerd',
        });
      const programs = findPrograms(env, options, host);
      const missing = missingFor(programs, { env, places, host });
      if (missing.length > 0)
        throw new EngineUnavailableError(
          ['a containerd without root cannot be started; there is no', ...missing.map((what) => `  ${what}`)].join(
            '\n',
          ),
        );
      const child = startDaemon(startCommand(programs, places), startEnvironment(env, places), places);
      try {
        return await untilAnswers(child, places, { host, signal, timeoutMs });
      } catch (error) {
        child.end();
        throw error;
      }
    },

    async stop({ signal = new AbortController().signal, timeoutMs = 10_000 } = {}) {
      signal.throwIfAborted();
      const pid = readChildPid(places, host);
      const namespace = pid === undefined ? undefined : userNamespace(pid);
      if (pid === undefined || namespace === undefined || namespace === userNamespace('self'))
        return { stopped: false };
      await endDaemon(pid, namespace, { signal, timeoutMs });
      rmSync(places.stateDir, { recursive: true, force: true });
      return { stopped: true };
    },
  };
}

async function untilAnswers(
  child: DaemonProcess,
  places: RootlessPlaces,
  { host, signal, timeoutMs }: { readonly host: HostView; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<{ address: ContainerdAddress; started: boolean }> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const ended = child.ended();
    const address = rootlessAddress(places, host);
    // Somebody else may have been faster: then ours ends at once, and his is taken.
    if (address !== undefined && (await answers(address.address, signal)))
      return { address, started: ended === undefined };
    if (ended !== undefined && address === undefined) throw failed(ended, places);
    if (performance.now() >= until)
      throw new TimeoutError(`containerd did not answer in ${timeoutMs / 1000} s`, {
        hint: `It says why in ${places.logFile}.`,
      });
    await pause(pollMs, signal);
  }
}

function failed(how: string, { logFile }: RootlessPlaces): EngineUnavailableError {
  const lines = (readText(logFile) ?? '').trimEnd().split('\n');
  // It repeats the whole command.
  const own = lines.filter((line) => !/^\[rootlesskit:.*\] error: (?:command|child exited)/.test(line));
  const last = (own.length > 0 ? own : lines).slice(-5);
  return new EngineUnavailableError(
    [`containerd ended before it answered (${how}):`, ...last.map((line) => `  ${line}`)].join('\n'),
  );
}

function answers(path: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    const over = (answer: boolean): void => {
      signal.removeEventListener('abort', aborted);
      socket.destroy();
      resolve(answer);
    };
    const aborted = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', aborted, { once: true });
    socket.once('connect', () => over(true)).once('error', () => over(false));
  });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
