import { label } from '../launch/labels.ts';
import { isActive, isLaunchOver } from '../launch/leftovers.ts';
import { formatDuration } from '../plan/duration.ts';
import type { ContainerRecord } from '../runtime/container.ts';

export interface Judged {
  readonly remove: boolean;
  readonly reason: string;
}

/** What is known of the engine, for one sweep. */
export interface Scene {
  /** The engine's clock when the sweep began, milliseconds. */
  readonly began: number;
  readonly olderThanMs: number;
  /** Containers by their ids: what bears our labels, and the containers that have launched it. */
  readonly byId: ReadonlyMap<string, ContainerRecord>;
  /** Of the machine; a waiter of another one never starts anything. */
  readonly bootId: string;
  /** Of the engine, for people. */
  readonly commandLine: string;
}

/** Pure: what is to be done with a container that bears our labels, and why. When in doubt it is left. */
export function judge(record: ContainerRecord, scene: Scene): Judged {
  const doubt = whyNotOurs(record) ?? whyTooYoung(record, scene);
  if (doubt !== undefined) return leave(doubt);
  return record.labels[label.role] === 'waiter' ? judgeWaiter(record, scene) : judgeSibling(record, scene);
}

/** Labels can be copied from one container to another; these come together. */
const marks = [label.key, label.parent, label.attempt];

function whyNotOurs({ labels }: ContainerRecord): string | undefined {
  const missing = marks.find((name) => !labels[name]);
  return missing === undefined ? undefined : `offshoot has not made it: it has no label ${missing}`;
}

function whyTooYoung({ createdAt }: ContainerRecord, { began, olderThanMs }: Scene): string | undefined {
  const created = Date.parse(createdAt ?? '');
  if (Number.isNaN(created)) return 'the engine does not tell when it was created';
  if (created > began) return 'it was created after the sweep began';
  return began - created < olderThanMs ? `it is younger than ${formatDuration(olderThanMs)}` : undefined;
}

function judgeSibling(record: ContainerRecord, { byId }: Scene): Judged {
  const { id, state } = record;
  if (isActive(state.status)) return leave('it runs');
  if (state.startedAt !== undefined) return leave('it has run');
  if (state.status !== 'created') return leave(`it is ${state.status}`);
  const waiter = [...byId.values()].find((other) => other.labels[label.sibling] === id && isActive(other.state.status));
  if (waiter !== undefined) return leave(`${waiter.name} will start it`);
  return isOver(record, byId)
    ? remove('it never ran, and nobody is there to start it')
    : leave('the container that has made it runs, and may start it');
}

function judgeWaiter(record: ContainerRecord, { byId, bootId, commandLine }: Scene): Judged {
  const { name, state, labels } = record;
  if (isActive(state.status)) return leave('it runs');
  const sibling = byId.get(labels[label.sibling] ?? '');
  if (sibling === undefined) return remove('its sibling is gone');
  if (labels[label.bootId] !== bootId) return remove('it belongs to another boot of the machine');
  if (state.status === 'exited' && state.exitCode === 0) return remove('it has done its duty');
  if (state.startedAt !== undefined) return leave(`it has failed, and its log says why: ${commandLine} logs ${name}`);
  return isOver(record, byId)
    ? remove('its launch was killed before it started it')
    : leave('the container that has made it runs, and may start it');
}

function isOver({ labels, createdAt }: ContainerRecord, byId: Scene['byId']): boolean {
  return isLaunchOver({ labels, createdMs: Date.parse(createdAt ?? '') }, byId.get(labels[label.parent] ?? ''));
}

const leave = (reason: string): Judged => ({ remove: false, reason });
const remove = (reason: string): Judged => ({ remove: true, reason });
