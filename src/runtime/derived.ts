import { ContainerExitedError, NotFoundError, StopTimeoutError, TimeoutError } from '../errors.ts';
import { pause } from '../timing.ts';
import type { Adapter } from './adapter.ts';
import type { ContainerStatus } from './runtime.ts';

const statuses: readonly string[] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
] satisfies readonly ContainerStatus[];

const firstPauseMs = 50;
const longestPauseMs = 1000;

/** What can be had from other calls of the same adapter. */
export function derived(adapter: () => Adapter): Pick<Adapter, 'findByLabel' | 'status' | 'waitUntilRunning' | 'stop'> {
  return {
    async findByLabel(label, value, { signal }) {
      return (await adapter().list({ labels: { [label]: value }, signal }))[0];
    },

    async status(id, { signal }) {
      const record = await adapter().inspect(id, { signal });
      if (record === undefined) return 'notFound';
      const { status } = record.state;
      return statuses.includes(status) ? (status as ContainerStatus) : 'unknown';
    },

    async waitUntilRunning(id, { timeoutMs = 900_000, signal }) {
      const deadline = Date.now() + timeoutMs;
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        const record = await adapter().inspect(id, { signal });
        if (record === undefined) throw new NotFoundError('container', id);
        const { state, name } = record;
        if (state.status === 'running') return state;
        if (state.status === 'exited' || state.status === 'dead')
          throw new ContainerExitedError(`${name} has ended with exit status ${state.exitCode}`, state.exitCode, {
            hint: 'Its log tells why.',
          });
        const left = deadline - Date.now();
        if (left <= 0)
          throw new TimeoutError(`${name} does not run after ${timeoutMs / 1000} s: it is ${state.status}`);
        await pause(Math.min(pauseMs, left), signal);
      }
    },

    async stop(id, { stopSignal, timeoutMs = 10_000, force = true, signal }) {
      const record = await adapter().inspect(id, { signal });
      if (record === undefined) throw new NotFoundError('container', id);
      if (!record.state.running) return;
      await adapter().kill(id, stopSignal ?? record.settings.stopSignal ?? 'SIGTERM', { signal });
      if (await endsWithin(adapter(), id, timeoutMs, signal)) return;
      if (!force)
        throw new StopTimeoutError(`${record.name} did not end within ${timeoutMs / 1000} s, and still runs`, {
          hint: 'Give it more time, or let it be forced.',
        });
      await adapter().kill(id, 'SIGKILL', { signal });
      await adapter().wait(id, { signal });
    },
  };
}

async function endsWithin(adapter: Adapter, id: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    await adapter.wait(id, { signal: AbortSignal.any([signal, limit.signal]) });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.signal.aborted) throw error;
    return false;
  } finally {
    clearTimeout(timer);
  }
}
