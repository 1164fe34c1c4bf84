import { describeError, EngineUnavailableError } from '../errors.ts';
import type { Reporter } from '../events.ts';
import { pause } from '../timing.ts';
import type { Adapter, Call } from './adapter.ts';
import { guarded } from './guarded.ts';
import type { Runtime } from './runtime.ts';

/** Longer than an engine takes that is started again. */
const patienceMs = 10_000;
const firstPauseMs = 100;
const longestPauseMs = 1_000;
/** A request whose connection broke may still be on its way within the engine. */
const settleMs = 1_000;
const pollMs = 50;

/**
 * The same engine over a connection that may break: what changes nothing, and what can be done twice, is asked again.
 * An engine that does not answer in time is not asked again, nor one that refuses.
 */
export function patient(runtime: Adapter, report: Reporter): Runtime {
  const { nextExit } = runtime;

  async function again<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const end = performance.now() + patienceMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await ask();
      } catch (error) {
        if (!isBroken(error, signal) || performance.now() + pauseMs > end) throw error;
        if (pauseMs === firstPauseMs) warn(`${describeError(error)}; it is asked again`);
        await pause(pauseMs, signal);
      }
    }
  }

  const warn = (message: string): void => report({ level: 'warn', event: 'warning', message });

  /**
   * Once, also when its connection breaks: then it is looked whether the engine has done it. It is asked again where it
   * certainly has not, and never one that went away: it may have forgotten what it had begun.
   */
  async function start(id: string, options: Call): Promise<void> {
    const { signal } = options;
    for (let isLast = false; ; isLast = true) {
      try {
        return await runtime.start(id, options);
      } catch (error) {
        if (!isBroken(error, signal)) throw error;
        const seen = await look(id, options);
        if (seen === 'started') return warn(`${describeError(error)}; it was started all the same`);
        if (isLast || seen === 'unsure') throw error;
        warn(`${describeError(error)}; it was not started, and is started again`);
      }
    }
  }

  async function look(id: string, options: Call): Promise<'started' | 'not started' | 'unsure'> {
    const end = performance.now() + settleMs;
    for (let wasAway = false; ;) {
      try {
        const record = await (wasAway
          ? again(() => runtime.inspect(id, options), options.signal)
          : runtime.inspect(id, options));
        if (record?.state.startedAt !== undefined) return 'started';
        if (record === undefined || wasAway) return 'unsure';
        if (performance.now() > end) return 'not started';
      } catch (error) {
        if (wasAway || !isBroken(error, options.signal)) return 'unsure';
        wasAway = true;
      }
      await pause(pollMs, options.signal);
    }
  }

  const adapter: Adapter = {
    ...runtime,
    clock: (options) => again(() => runtime.clock(options), options.signal),
    inspect: (reference, options) => again(() => runtime.inspect(reference, options), options.signal),
    list: (options) => again(() => runtime.list(options), options.signal),
    processes: (id, options) => again(() => runtime.processes(id, options), options.signal),
    hasFile: (id, path, options) => again(() => runtime.hasFile(id, path, options), options.signal),
    inspectImage: (reference, options) => again(() => runtime.inspectImage(reference, options), options.signal),
    hasNetwork: (name, options) => again(() => runtime.hasNetwork(name, options), options.signal),
    hasVolume: (name, options) => again(() => runtime.hasVolume(name, options), options.signal),
    start,
    attach: (id, options) => again(() => runtime.attach(id, options), options.signal),
    logs: (id, options) => again(() => runtime.logs(id, options), options.signal),
    wait: (id, options) => again(() => runtime.wait(id, options), options.signal),
    ...(nextExit && { nextExit: (id, options) => again(() => nextExit(id, options), options.signal) }),
    remove: (id, options) => again(() => runtime.remove(id, options), options.signal),
  };
  return guarded(adapter);
}

function isBroken(error: unknown, signal: AbortSignal): boolean {
  return error instanceof EngineUnavailableError && !signal.aborted;
}
