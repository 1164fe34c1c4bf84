import { OffshootError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import { type Clock, poll } from '../timing.ts';
import type { Probe } from './probe.ts';

export interface HoldOptions extends StageOptions {
  readonly clock: Clock;
  /** By the clock. */
  readonly until: number;
}

/** A condition that did not hold when the time was over, and what was in the way. */
export interface Unmet {
  readonly text: string;
  readonly obstacle: string;
}

/** Waits until all hold at the same time; else tells which did not when the time was over. */
export async function untilAllHold(probes: readonly Probe[], options: HoldOptions): Promise<readonly Unmet[]> {
  const { signal, report } = options;
  const over = new AbortController();
  const last = new Map<Probe, string | undefined>();
  const look = async (limited: AbortSignal): Promise<readonly Unmet[] | undefined> => {
    const obstacles = await Promise.all(probes.map((probe) => obstacleOf(probe, limited)));
    for (const [at, probe] of probes.entries()) {
      const obstacle = obstacles[at];
      if (!last.has(probe) || (last.get(probe) === undefined) !== (obstacle === undefined))
        tell(probe, obstacle, report);
      last.set(probe, obstacle);
    }
    return obstacles.every((obstacle) => obstacle === undefined) ? [] : undefined;
  };
  const watching = AbortSignal.any([signal, over.signal]);
  const changed = async (): Promise<void> => {
    await Promise.race([never, ...probes.flatMap((probe) => probe.changed?.(watching) ?? [])]);
  };
  try {
    const all = await poll(look, { ...options, changed });
    return all ?? probes.flatMap((probe) => unmet(probe.text, last.get(probe)));
  } finally {
    over.abort();
  }
}

const never = new Promise<void>(() => {});

function unmet(text: string, obstacle: string | undefined): Unmet[] {
  return obstacle === undefined ? [] : [{ text, obstacle }];
}

/** An engine that is away, a name that is not known yet: it may be otherwise a little later. */
async function obstacleOf(probe: Probe, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await Promise.race([probe.obstacle(signal), aborted(signal)]);
  } catch (error) {
    if (signal.aborted) return 'no answer';
    if (error instanceof OffshootError) return error.message;
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** Looking up a name cannot be ended by a signal. */
async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function tell({ text }: Probe, obstacle: string | undefined, report: HoldOptions['report']): void {
  const holds = obstacle === undefined;
  const message = holds ? `${text} holds` : `${text} does not hold: ${obstacle}`;
  report({ level: 'info', event: 'condition', message, condition: text, holds });
}
