import { describeError, EngineRefusedError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import { bootId } from '../launch/clock.ts';
import { waiterName } from '../launch/key.ts';
import { label } from '../launch/labels.ts';
import { commandLineOf } from '../runtime/command-line.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { judge, type Judged, type Scene } from './judge.ts';

export interface SweepRequest {
  /** What is younger is left: a launch may still be under way that cannot be seen from here. */
  readonly olderThanMs: number;
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

export interface Seen {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** RFC 3339; null where the engine does not tell. */
  readonly createdAt: string | null;
  readonly reason: string;
}

export interface SweepResult {
  readonly dryRun: boolean;
  /** In a dry run: what would be removed. */
  readonly removed: readonly Seen[];
  readonly left: readonly Seen[];
  /** Those of `left` that should have been removed, and could not be. */
  readonly failed: number;
}

/** A busy engine is not asked about everything at once. */
const width = 16;

/**
 * Removes what launches have left behind that were killed: siblings that never ran and that nobody will start, and the
 * waiters that belong to nothing any more. Only what bears our labels, and nothing that runs.
 */
export async function sweep(
  { olderThanMs, dryRun }: SweepRequest,
  runtime: Runtime,
  { signal, report }: StageOptions,
): Promise<SweepResult> {
  const began = await runtime.clock({ signal });
  const ours = await recordsOf(await idsOf(['sibling', 'waiter'], runtime, signal), runtime, signal);
  const parents = [...new Set(ours.map(({ labels }) => labels[label.parent] ?? ''))].filter(Boolean);
  const byId = new Map([...ours, ...(await recordsOf(parents, runtime, signal))].map((record) => [record.id, record]));
  const scene: Scene = { began, olderThanMs, byId, bootId: bootId(), commandLine: commandLineOf(runtime) };

  const removed: Seen[] = [];
  const left: Seen[] = [];
  let failed = 0;
  // Siblings first: with them their waiters have nothing to wait for.
  for (const record of inOrder(ours)) {
    const { remove, reason } = judge(record, scene);
    const problem = remove && !dryRun ? await removal(record, scene, runtime, signal) : undefined;
    if (problem !== undefined) failed += 1;
    const isRemoved = remove && problem === undefined;
    (isRemoved ? removed : left).push(seen(record, problem ?? reason));
    if (!isRemoved) continue;
    byId.delete(record.id);
    if (!dryRun)
      report({ level: 'debug', event: 'undone', message: `removed ${record.name}: ${reason}`, id: record.id });
  }
  return { dryRun, removed, left, failed };
}

/** Looked at once more, as somebody may have started it meanwhile, or a waiter for it. */
async function removal(
  { id, name }: ContainerRecord,
  scene: Scene,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const waiter = await runtime.inspect(waiterName(name), { signal });
    const record = await runtime.inspect(id, { signal });
    const byId = waiter === undefined ? scene.byId : new Map([...scene.byId, [waiter.id, waiter]]);
    const now: Judged | undefined = record && judge(record, { ...scene, byId });
    if (now?.remove === false) return now.reason;
    if (now?.remove === true) await runtime.remove(id, { signal, force: false });
    return undefined;
  } catch (error) {
    if (!(error instanceof EngineRefusedError)) throw error;
    return describeError(error);
  }
}

async function idsOf(roles: readonly string[], runtime: Runtime, signal: AbortSignal): Promise<string[]> {
  const lists = await Promise.all(roles.map((role) => runtime.list({ labels: { [label.role]: role }, signal })));
  return lists.flat().map(({ id }) => id);
}

async function recordsOf(ids: readonly string[], runtime: Runtime, signal: AbortSignal): Promise<ContainerRecord[]> {
  const records: (ContainerRecord | undefined)[] = [];
  for (let at = 0; at < ids.length; at += width)
    records.push(...(await Promise.all(ids.slice(at, at + width).map((id) => runtime.inspect(id, { signal })))));
  return records.filter((record) => record !== undefined);
}

function inOrder(records: readonly ContainerRecord[]): ContainerRecord[] {
  return records.toSorted((one, other) => Number(isWaiter(one)) - Number(isWaiter(other)));
}

function isWaiter({ labels }: ContainerRecord): boolean {
  return labels[label.role] === 'waiter';
}

function seen({ id, name, labels, createdAt }: ContainerRecord, reason: string): Seen {
  return { id, name, role: labels[label.role] ?? '', createdAt: createdAt ?? null, reason };
}
