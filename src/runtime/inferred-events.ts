import type { RuntimeEvent } from './runtime.ts';

/** What of a container its events change. */
export interface KnownContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As in `ContainerState`. */
  readonly status: string;
  /** `undefined`: not known, or never. */
  readonly startedAt: string | undefined;
  readonly exitCode: number | undefined;
}

export type Known = ReadonlyMap<string, KnownContainer>;

/** What must have happened between these two, though nobody has told it. */
export function inferEvents(before: Known, now: Known, at: Date): RuntimeEvent[] {
  const gone = [...before.values()].filter(({ id }) => !now.has(id));
  return [
    ...gone.flatMap((one) => [...(runs(one) ? [inferred(one, 'die', at)] : []), inferred(one, 'destroy', at)]),
    ...[...now.values()].flatMap((one) => changes(before.get(one.id), one, at)),
  ];
}

function changes(before: KnownContainer | undefined, now: KnownContainer, at: Date): RuntimeEvent[] {
  const actions: string[] = [];
  if (before === undefined) actions.push('create');
  const ran = before !== undefined && runs(before);
  const restarted = before?.startedAt !== now.startedAt && now.startedAt !== undefined;
  if (ran && (restarted || !runs(now))) actions.push('die');
  if (restarted || (!ran && runs(now))) actions.push('start');
  if (restarted && !runs(now)) actions.push('die');
  const paused = before?.status === 'paused' && !restarted;
  if (!paused && now.status === 'paused') actions.push('pause');
  if (paused && now.status === 'running') actions.push('unpause');
  return actions.map((action) => inferred(now, action, at));
}

function runs({ status }: KnownContainer): boolean {
  return status === 'running' || status === 'paused';
}

function inferred({ id, name, labels, exitCode }: KnownContainer, action: string, at: Date): RuntimeEvent {
  const code = action === 'die' && exitCode !== undefined ? { exitCode: String(exitCode) } : {};
  return { at, type: 'container', action, id, name, attributes: { ...labels, name, ...code }, inferred: true };
}

/** What was inferred of one container, and what was seen of it then; `undefined`: it was gone. */
interface Inference {
  readonly actions: Set<string>;
  readonly seen: KnownContainer | undefined;
}

export type Inferences = Map<string, Inference>;

export function inferencesOf(events: readonly RuntimeEvent[], now: Known): Inferences {
  return new Map(
    [...Map.groupBy(events, ({ id }) => id)].map(([id, own]) => [
      id,
      { actions: new Set(own.map(({ action }) => action)), seen: now.get(id) },
    ]),
  );
}

const ofLife: ReadonlySet<string> = new Set(['create', 'start', 'die', 'destroy', 'pause', 'unpause']);
/** An engine notes a start a moment before it tells it. */
const toldWithinMs = 1000;

/** An engine that is back may tell late what was inferred meanwhile: then the consumer has it already. */
export function isInferred({ type, action, id, at }: RuntimeEvent, inferences: Inferences): boolean {
  const inference = inferences.get(id);
  if (inference === undefined || type !== 'container' || !ofLife.has(action)) return false;
  const { actions, seen } = inference;
  if (seen === undefined) return true;
  const started = seen.startedAt === undefined ? Number.NaN : Date.parse(seen.startedAt);
  // All before the start that was seen is behind us.
  if (at.getTime() < started) return true;
  const same = {
    create: true,
    start: at.getTime() <= started + toldWithinMs,
    die: !runs(seen),
    pause: seen.status === 'paused',
    unpause: seen.status === 'running',
    destroy: false,
  }[action];
  if (same === true && actions.delete(action)) return true;
  inferences.delete(id);
  return false;
}

/** What is known after an event; what only a question can tell stays open. */
export function afterEvent(
  known: Map<string, KnownContainer>,
  { type, action, id, name, attributes, at }: RuntimeEvent,
): void {
  if (type !== 'container') return;
  const before = known.get(id);
  const status = { create: 'created', start: 'running', unpause: 'running', pause: 'paused', die: 'exited' }[action];
  if (action === 'destroy') known.delete(id);
  else if (status !== undefined)
    known.set(id, {
      id,
      name: name ?? before?.name ?? '',
      labels: before?.labels ?? attributes,
      status,
      startedAt: action === 'start' ? `after ${at.toISOString()}` : before?.startedAt,
      exitCode: undefined,
    });
}

/** What was told of a start does not say when exactly; what is now does. */
export function settled(known: Known, now: Known): Map<string, KnownContainer> {
  return new Map(
    [...known].map(([id, one]) => {
      const told = /^after (.*)/.exec(one.startedAt ?? '')?.[1];
      const startedAt = now.get(id)?.startedAt;
      if (told === undefined) return [id, one];
      const same = startedAt !== undefined && Date.parse(startedAt) <= Date.parse(told) + 1000;
      return [id, { ...one, startedAt: same ? startedAt : undefined }];
    }),
  );
}

/** Our own word: the engine was away, and tells again. */
export function reconnected(): RuntimeEvent {
  return { at: new Date(), type: 'engine', action: 'reconnected', id: '', name: undefined, attributes: {} };
}
