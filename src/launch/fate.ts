import type { ContainerRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { pause } from '../timing.ts';
import { bootId } from './clock.ts';
import { waiterName } from './key.ts';
import { label } from './labels.ts';
import { isProcessOver } from './own-process.ts';

/** What becomes of a sibling that another launch of its key has created. */
export type Fate =
  | { readonly is: 'started'; readonly sibling: ContainerRecord }
  | { readonly is: 'scheduled'; readonly sibling: ContainerRecord; readonly waiter: ContainerRecord }
  /** It was removed again: that launch has failed, or was cancelled. */
  | { readonly is: 'gone' }
  /** That launch was killed before it started it. */
  | { readonly is: 'abandoned' };

/** For a launch of which only the container is known to run. Beyond it, it has most likely been killed in there. */
const patienceMs = 10_000;
const pollMs = 50;

/**
 * Only the launch that has created a sibling may start it: a start of ours at the same time could be a second one, when
 * the sibling ends in between. So we wait until that launch has done it, or cannot do it any more.
 */
export async function fateOf(
  { id, name, labels }: ContainerRecord,
  runtime: Runtime,
  signal: AbortSignal,
  patience: number = patienceMs,
): Promise<Fate> {
  // A launcher that stays with its sibling waits for the deadline itself.
  const untilStart = Date.parse(labels[label.startsAt] ?? '') - Date.now();
  const end = performance.now() + patience + Math.max(0, untilStart || 0);
  for (;;) {
    // Asked in this order: what a launch does, it does before it ends.
    const isOver = isProcessOver(labels[label.launcher]) || !(await runs(labels[label.parent], runtime, signal));
    const waiter = await runtime.inspect(waiterName(name), { signal });
    const sibling = await runtime.inspect(id, { signal });
    if (sibling === undefined) return { is: 'gone' };
    if (sibling.state.startedAt !== undefined) return { is: 'started', sibling };
    if (waiter !== undefined && willStart(waiter, id)) return { is: 'scheduled', sibling, waiter };
    if (isOver || performance.now() > end) return { is: 'abandoned' };
    await pause(pollMs, signal);
  }
}

async function runs(creator: string | undefined, runtime: Runtime, signal: AbortSignal): Promise<boolean> {
  return creator !== undefined && (await runtime.inspect(creator, { signal }))?.state.running === true;
}

const active = ['running', 'restarting', 'paused'];

function willStart({ labels, state }: ContainerRecord, sibling: string): boolean {
  return labels[label.sibling] === sibling && labels[label.bootId] === bootId() && active.includes(state.status);
}
