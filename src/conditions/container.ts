import type { ContainerRecord, ContainerState } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Probe } from './probe.ts';

interface OfContainer {
  readonly text: string;
  readonly id: string;
}

/** An engine that was restarted starts some again, a little later. */
const settleMs = 3_000;

/** It has run and runs no more, or is gone. */
export function endedProbe({ text, id }: OfContainer, runtime: Runtime): Probe {
  let running = false;
  let endedAt: number | undefined;
  let waiting: Promise<void> | undefined;
  const over = async (signal: AbortSignal): Promise<void> => {
    try {
      await runtime.wait(id, { signal });
      waiting = undefined;
    } catch {
      // Not asked again: the engine has gone away, or does not let us ask.
      await never;
    }
  };
  return {
    text,
    async obstacle(signal) {
      const record = await runtime.inspect(id, { signal });
      running = record?.state.running ?? false;
      const obstacle = record && notEnded(record.state);
      if (obstacle !== undefined) endedAt = undefined;
      else if (record !== undefined && restarts(record)) {
        endedAt ??= performance.now();
        if (performance.now() - endedAt < settleMs) return 'it may be started again';
      }
      return obstacle;
    },
    changed(signal) {
      // An engine answers at once for one that does not run: there is nothing to wait for.
      if (!running) return never;
      waiting ??= over(signal);
      return waiting;
    },
  };
}

const never = new Promise<void>(() => {});

function restarts({ settings: { restartPolicy } }: ContainerRecord): boolean {
  return restartPolicy !== undefined && restartPolicy.name !== 'no';
}

function notEnded({ status, running, startedAt }: ContainerState): string | undefined {
  if (startedAt === undefined) return 'it has not been started';
  return running || status === 'restarting' ? `it is ${status}` : undefined;
}

export function healthyProbe({ text, id }: OfContainer, runtime: Runtime): Probe {
  return {
    text,
    async obstacle(signal) {
      const record = await runtime.inspect(id, { signal });
      if (record === undefined) return 'it is gone';
      const { running, status, health } = record.state;
      if (!running) return `it is ${status}`;
      return health === 'healthy' ? undefined : `it is ${health ?? 'not checked'}`;
    },
  };
}
