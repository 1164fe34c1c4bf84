import { readFileSync, realpathSync } from 'node:fs';
import { describeError, EngineUnavailableError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { Environment } from '../plan/plan.ts';
import { detectRuntime } from '../runtime/detect.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { parseMountinfo } from '../self/proc.ts';
import { pause } from '../timing.ts';

/** An engine that is away when it is needed may be about to be started again. Not each would then start its waiters. */
const patienceMs = 5 * 60_000;
const againMs = 500;

/** The engine of a waiter, as soon as it answers. @throws EngineUnavailableError after five minutes */
export async function engineInTime(env: Environment, { signal, report }: StageOptions): Promise<Runtime> {
  const end = performance.now() + patienceMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await engineOfWaiter(env, { signal, report });
    } catch (error) {
      if (!(error instanceof EngineUnavailableError) || performance.now() > end || isCutOff(env)) throw error;
      const message = `${describeError(error)}; it is asked again`;
      if (isFirst) report({ level: 'warn', event: 'warning', message });
      await pause(againMs, signal);
    }
  }
}

const lookMs = 2_000;

/** @throws EngineUnavailableError when the way to the engine is lost for good meanwhile */
export async function whileNotCutOff(
  env: Environment,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const cutOff = new AbortController();
  const look = setInterval(() => {
    if (!isCutOff(env)) return;
    cutOff.abort(
      new EngineUnavailableError("the engine's socket was removed: it was started again, and has another one"),
    );
  }, lookMs);
  try {
    await work(AbortSignal.any([signal, cutOff.signal]));
  } finally {
    clearInterval(look);
  }
}

/**
 * An engine that was started again has another socket, while our mount shows the one that was removed: where it has
 * let us run on, only a start of ours helps, which a failure leads to.
 */
function isCutOff(env: Environment): boolean {
  const socket = env['DOCKER_HOST']?.replace(/^unix:\/\//, '') ?? '';
  return parseMountinfo(readText('/proc/self/mountinfo')).some(
    ({ root, target }) => root.endsWith('//deleted') && target === resolved(socket),
  );
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A waiter is told where its engine is: by an address, or by this. */
export async function engineOfWaiter(env: Environment, options: StageOptions): Promise<Runtime> {
  return detectRuntime(env['OFFSHOOT_RUNTIME'] === 'nerdctl' ? 'nerdctl' : 'auto', env, options);
}
