import { describeError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { ContainerRecord, ContainerSummary } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { bootId } from './clock.ts';
import { label } from './labels.ts';
import { isProcessOver } from './own-process.ts';

/** It has a process, or will have one again without anybody's doing. */
export function isActive(status: string | undefined): boolean {
  return status === 'running' || status === 'restarting' || status === 'paused';
}

export interface LaunchMark {
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds; it was created then or before. */
  readonly createdMs: number;
}

/** Can the launch that made it not start it any more? `parent` is the container of that launch, where it is there. */
export function isLaunchOver({ labels, createdMs }: LaunchMark, parent: ContainerRecord | undefined): boolean {
  if (parent === undefined || !isActive(parent.state.status) || isProcessOver(labels[label.launcher])) return true;
  // By one clock: it was made in an earlier run of that container.
  return createdMs < Date.parse(parent.state.startedAt ?? '');
}

/** Nobody waits for it longer. */
const longestMs = 3_000;

/**
 * Removes what launches of this container have left that were killed between creating and starting: beside another
 * launch, by one listing, or two, and never in its way.
 */
export async function clearLeftovers(self: ContainerRecord, runtime: Runtime, options: StageOptions): Promise<void> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(longestMs)]);
  const { report } = options;
  const list = (): Promise<ContainerSummary[]> => runtime.list({ labels: { [label.parent]: self.id }, signal });
  try {
    const over = new Set((await list()).filter((one) => isLeft(one, self)).map(({ id }) => id));
    if (over.size === 0) return;
    // Looked at once more, now that their launches are known to be over: what those did, they did before they ended.
    const made = await list();
    const dead = new Set<string>();
    for (const { id } of made.filter((one) => over.has(one.id) && isLeft(one, self) && !isAwaited(one, made))) {
      const record = await runtime.inspect(id, { signal });
      if (record !== undefined && record.state.startedAt === undefined) dead.add(id);
    }
    for (const { id, name } of made.filter((one) => dead.has(one.id) || isWaiterOf(one, dead))) {
      await runtime.remove(id, { signal, force: false });
      const message = `removed ${name}, which a launch has left here that was killed`;
      report({ level: 'info', event: 'undone', message, id });
    }
  } catch (error) {
    const message = `leftovers of earlier launches were not looked for: ${describeError(error)}`;
    if (!options.signal.aborted) report({ level: 'debug', event: 'warning', message });
  }
}

/** What waited for one of them, and does not any more. */
function isWaiterOf({ labels, status }: ContainerSummary, dead: ReadonlySet<string>): boolean {
  return status !== undefined && !isActive(status) && dead.has(labels[label.sibling] ?? '');
}

/** An engine tells whole seconds in a listing. */
const secondMs = 1_000;

/** It was not started, and the launch that made it will not start it. */
function isLeft({ labels, status, createdAt }: ContainerSummary, self: ContainerRecord): boolean {
  if (labels[label.parent] !== self.id || status !== 'created') return false;
  return isLaunchOver({ labels, createdMs: (createdAt?.getTime() ?? Infinity) + secondMs }, self);
}

/**
 * Has it a waiter that was started? One that has ended may be about to be started again: Podman says that of it only
 * when it does so. In another boot of the machine it never is.
 */
function isAwaited({ id }: ContainerSummary, all: readonly ContainerSummary[]): boolean {
  return all.some(
    ({ labels, status }) =>
      labels[label.sibling] === id && (isActive(status) || (status !== 'created' && labels[label.bootId] === bootId())),
  );
}
