import { NameTakenError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { ContainerRecord, ContainerSpec } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { pause } from '../timing.ts';
import { type Fate, fateOf } from './fate.ts';
import { waiterName } from './key.ts';
import { label } from './labels.ts';
import type { Ledger } from './ledger.ts';

/** The sibling: created by us, or by another launch of its key. */
export type Made =
  | { readonly by: 'us'; readonly id: string }
  | ({ readonly by: 'another' } & Extract<Fate, { sibling: ContainerRecord }>);

export interface Tools {
  readonly runtime: Runtime;
  readonly ledger: Ledger;
  readonly options: StageOptions;
}

/**
 * The one sibling of its key, however many launch it at the same time: an engine gives a name only once. A key of the
 * user's own may have come with another name before.
 */
export async function makeSibling(spec: ContainerSpec, ownKey: boolean, tools: Tools): Promise<Made> {
  const { runtime, options } = tools;
  for (;;) {
    const made = (ownKey ? await sameKey(spec, tools) : undefined) ?? (await createOrFind(spec, tools));
    if ('id' in made) return { by: 'us', id: made.id };
    const fate = await fateOf(made.holder, runtime, options.signal);
    if (fate.is === 'started' || fate.is === 'scheduled') return { by: 'another', ...fate };
    if (fate.is === 'abandoned') await removeAbandoned(made.holder, tools);
  }
}

/** Our own is the only sibling of that name, so that a waiter which has its waiter's name waits for nothing any more. */
export async function makeWaiter(spec: ContainerSpec, tools: Tools): Promise<string> {
  for (;;) {
    const made = await createOrFind(spec, tools);
    if ('id' in made) return made.id;
    await tools.runtime.remove(made.holder.id, { signal: tools.options.signal });
  }
}

type Found = { readonly id: string } | { readonly holder: ContainerRecord };

async function sameKey({ name, labels }: ContainerSpec, { runtime, options }: Tools): Promise<Found | undefined> {
  const { signal } = options;
  const siblings = await runtime.list({ labels: keyLabels(labels), signal });
  const other = siblings.find((sibling) => sibling.name !== name);
  const holder = other && (await runtime.inspect(other.id, { signal }));
  return holder && { holder };
}

/** A name that is taken can become free at once: its container is being removed. */
const freeNameMs = 10_000;
const pollMs = 100;

/** Creates it, or tells which container of the same key and role has its name. */
async function createOrFind(spec: ContainerSpec, { runtime, ledger, options }: Tools): Promise<Found> {
  const { signal } = options;
  const end = performance.now() + freeNameMs;
  for (;;) {
    try {
      return { id: await ledger.create(spec, signal) };
    } catch (error) {
      if (!(error instanceof NameTakenError)) throw error;
      const holder = await runtime.inspect(spec.name, { signal });
      const isGoing = holder === undefined || holder.state.status === 'removing';
      if (!isGoing && isLike(holder, spec)) return { holder };
      if (!isGoing || performance.now() > end) throw nameTaken(spec.name, holder, error);
      await pause(pollMs, signal);
    }
  }
}

async function removeAbandoned({ id, name, labels }: ContainerRecord, { runtime, options }: Tools): Promise<void> {
  const message = `${name} was created by a launch that was killed before it could start it: it is made again`;
  options.report({ level: 'warn', event: 'warning', message, id });
  await runtime.remove(id, { signal: options.signal });
  const waiter = await runtime.inspect(waiterName(name), { signal: options.signal });
  if (waiter?.labels[label.sibling] === id && waiter.labels[label.key] === labels[label.key])
    await runtime.remove(waiter.id, { signal: options.signal });
}

function isLike(holder: ContainerRecord, { labels }: ContainerSpec): boolean {
  return Object.entries(keyLabels(labels)).every(([name, value]) => holder.labels[name] === value);
}

function keyLabels(labels: ContainerSpec['labels'] = {}): Record<string, string> {
  return Object.fromEntries([label.role, label.key].map((name) => [name, labels[name] ?? '']));
}

function nameTaken(name: string, holder: ContainerRecord | undefined, cause: NameTakenError): NameTakenError {
  const whose =
    holder === undefined ? 'a container that cannot be seen' : `${holder.id.slice(0, 12)} (${holder.image.reference})`;
  return new NameTakenError(`the name ${name} belongs to another container, ${whose}, which this launch has not made`, {
    cause,
    hint: 'Give another name (OFFSHOOT_NAME), or remove that container.',
  });
}
