import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { TimeoutError } from '../errors.ts';
import { pause } from '../timing.ts';
import { isAlive, nameOf, namespacesBelow, parentOf, processesIn, signalTo } from './namespace-processes.ts';
import type { RootlessPlaces } from './rootless-places.ts';

const pollMs = 100;

/** A daemon that we have started. */
export interface DaemonProcess {
  /** What it was ended with, where it has ended. */
  readonly ended: () => string | undefined;
  /** At once, with all that it has started. */
  end(): void;
}

/** In a group of its own, and with its output in a file: it goes on when we end. */
export function startDaemon(
  [program, ...args]: readonly [string, ...string[]],
  env: Record<string, string>,
  { logFile, stateDir }: RootlessPlaces,
): DaemonProcess {
  const log = openSync(logFile, 'w', 0o600);
  let ended: string | undefined;
  const child = spawn(program, args, { cwd: '/', env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended ??= code === null ? `ended by ${signal}` : `status ${code}`));
  child.unref();
  return {
    ended: () => ended,
    end() {
      // One that has ended has met another's, which is left alone.
      if (child.pid === undefined || ended !== undefined) return;
      const namespaces = namespacesBelow(child.pid);
      signalTo(-child.pid, 'SIGKILL');
      for (const pid of namespaces.flatMap(processesIn)) signalTo(pid, 'SIGKILL');
      // Without a child of its own it may have found another's folder.
      if (namespaces.length > 0) rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** Its first process is asked; what does not end with it has nothing to live for. */
export async function endDaemon(
  pid: number,
  namespace: string,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<void> {
  const parent = parentOf(pid);
  const leader = parent !== undefined && /rootlesskit/.test(nameOf(parent)) ? parent : pid;
  signalTo(leader, 'SIGTERM');
  const begin = performance.now();
  for (;;) {
    const left = [...new Set([leader, ...processesIn(namespace)])].filter(isAlive);
    if (left.length === 0) return;
    const over = performance.now() - begin;
    if (!left.includes(leader) || over > timeoutMs / 2) for (const one of left) signalTo(one, 'SIGKILL');
    if (over > timeoutMs)
      throw new TimeoutError(`containerd did not end in ${timeoutMs / 1000} s: processes ${left.join(', ')} are left`);
    await pause(pollMs, signal);
  }
}
