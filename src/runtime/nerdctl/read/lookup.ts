import * as z from 'zod';
import { EngineRefusedError } from '../../../errors.ts';
import type { ContainerRecord, ContainerState, ContainerSummary } from '../../container.ts';
import type { ContainerFilter } from '../../runtime.ts';
import type { Client } from '../command/client.ts';
import { isFound, refusal } from '../command/failures.ts';
import type { Images } from './images.ts';
import { type CompatContainer, compatContainer, type NativeContainer, nativeContainer } from './native.ts';
import { read } from '../command/read.ts';
import { containerRecord, containerSummary } from './record.ts';
import { runningState, stateIn, stateNow } from './state.ts';
import { quoted } from '../command/words.ts';

export interface Lookup {
  /** Asks about one that most likely runs; the answer is used by the next `container` about it. */
  ahead(id: string, signal: AbortSignal): void;
  /** The first process of a container that ran a moment ago; undefined where nobody has asked then. */
  lastPid(id: string): number | undefined;
  container(reference: string, signal: AbortSignal): Promise<ContainerRecord | undefined>;
  state(id: string, signal: AbortSignal): Promise<ContainerState | undefined>;
  /** As containerd has it. */
  native(reference: string, signal: AbortSignal): Promise<NativeContainer | undefined>;
  /** What nerdctl makes of it, in Docker's words. */
  compat(reference: string, signal: AbortSignal): Promise<CompatContainer | undefined>;
  list(filter: ContainerFilter, signal: AbortSignal): Promise<ContainerSummary[]>;
  /** Ids of all that have exactly this name. */
  named(name: string, signal: AbortSignal): Promise<string[]>;
  /** The folder of nerdctl's own files, as a container that was seen tells it. */
  dataStore(): string | undefined;
}

/** What a container can be called; other text could be taken for a flag or a filter. */
const containerReference = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
/** `STORE/containers/NAMESPACE/ID` */
const storeFolder = /^(\/.+)\/containers\/[^/]+\/[^/]+$/;
const pidIsFreshMs = 2_000;

/** `givable`: the capabilities that a privileged container can have here. */
export function createLookup(client: Client, images: Images, givable: readonly string[]): Lookup {
  const pids = new Map<string, { at: number; pid: number }>();
  const begun = new Map<string, Promise<ContainerRecord | undefined>>();
  let store: string | undefined;

  return {
    ahead,
    lastPid,
    container,
    state,
    native: async (reference, signal) => chosen(reference, await inspectNative([reference], signal)),
    compat: async (reference, signal) => {
      const id = chosen(reference, await inspectNative([reference], signal))?.ID;
      return id === undefined ? undefined : (await inspectCompat(id, signal))[0];
    },
    list,
    named,
    dataStore: () => store,
  };

  function ahead(id: string, signal: AbortSignal): void {
    const answer = askRunning(id, signal);
    begun.set(id, answer);
    answer.catch(() => {}); // told to who asks, if anybody does
  }

  function lastPid(id: string): number | undefined {
    const { at = -Infinity, pid } = pids.get(id) ?? {};
    return performance.now() - at < pidIsFreshMs ? pid : undefined;
  }

  async function container(reference: string, signal: AbortSignal): Promise<ContainerRecord | undefined> {
    signal.throwIfAborted();
    if (!containerReference.test(reference)) return undefined;
    const answer = begun.get(reference);
    begun.delete(reference);
    const record = await (answer ?? ask(reference, signal));
    pids.clear();
    if (record?.state.running) pids.set(record.id, { at: performance.now(), pid: record.state.pid });
    return record;
  }

  async function askRunning(reference: string, signal: AbortSignal): Promise<ContainerRecord | undefined> {
    const native = chosen(reference, await inspectNative([reference], signal));
    if (native === undefined) return undefined;
    const [image, now] = await Promise.all([images.find(native.Image, signal), runningState(client, native, signal)]);
    return now === undefined ? ask(reference, signal) : containerRecord({ native, state: now, image, givable });
  }

  async function ask(reference: string, signal: AbortSignal): Promise<ContainerRecord | undefined> {
    const [natives, compats] = await Promise.all([
      inspectNative([reference], signal),
      inspectCompat(reference, signal),
    ]);
    const native = chosen(reference, natives);
    if (native === undefined) return undefined;
    const compat = compats.find(({ Id }) => Id === native.ID);
    const [image, now] = await Promise.all([
      images.find(native.Image, signal),
      compat === undefined ? stateIn(native) : stateNow(client, compat, signal),
    ]);
    return containerRecord({ native, state: now, image, givable });
  }

  async function state(id: string, signal: AbortSignal): Promise<ContainerState | undefined> {
    signal.throwIfAborted();
    if (!containerReference.test(id)) return undefined;
    const [first] = await inspectCompat(id, signal);
    return first && stateNow(client, first, signal);
  }

  async function inspectCompat(reference: string, signal: AbortSignal): Promise<readonly CompatContainer[]> {
    const answer = await client.run(['container', 'inspect', '--', reference], { signal });
    return isFound(answer) ? read('container', answer.stdout, z.array(compatContainer)) : [];
  }

  /** Those of them that are there. */
  async function inspectNative(
    references: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly NativeContainer[]> {
    const answer = await client.run(['container', 'inspect', '--mode=native', '--', ...references], { signal });
    const found = isFound(answer) ? read('container', answer.stdout, z.array(nativeContainer)) : [];
    store ??= found.map(({ Labels }) => storeFolder.exec(Labels['nerdctl/state-dir'] ?? '')?.[1]).find(Boolean);
    return found;
  }

  async function named(name: string, signal: AbortSignal): Promise<string[]> {
    const found = await inspectNative([name], signal);
    return found.filter(({ Labels }) => Labels['nerdctl/name'] === name).map(({ ID }) => ID);
  }

  async function list({ labels, all, names }: ContainerFilter, signal: AbortSignal): Promise<ContainerSummary[]> {
    // A value with a line break is not found by its filter: names are filtered, values compared.
    const filters = Object.keys(labels ?? {}).flatMap((name) => ['--filter', quoted(`label=${name}`)]);
    const flags = (all ?? labels !== undefined) ? ['--all', ...filters] : filters;
    const answer = await client.run(['ps', '--quiet', '--no-trunc', ...flags], { signal });
    if (answer.exitCode !== 0) throw refusal(answer, 'list its containers');
    const ids = answer.stdout.split('\n').filter((line) => containerReference.test(line));
    if (ids.length === 0) return [];
    const wanted = Object.entries(labels ?? {});
    return (await inspectNative(ids, signal))
      .filter(({ ID }) => ids.includes(ID))
      .map(containerSummary)
      .filter(({ labels: own, name }) => {
        const bears = wanted.every(([key, value]) => (value === true ? own[key] !== undefined : own[key] === value));
        return bears && (names?.includes(name) ?? true);
      })
      .toSorted((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0));
  }
}

/** A name is tried as the beginning of an id as well, and is not always given once. */
function chosen(reference: string, all: readonly NativeContainer[]): NativeContainer | undefined {
  const exact = all.filter(({ ID }) => ID === reference);
  const named = all.filter(({ Labels }) => Labels['nerdctl/name'] === reference);
  const [first, ...more] = exact.length > 0 ? exact : named.length > 0 ? named : all;
  if (more.length > 0)
    throw new EngineRefusedError(
      `${reference} names several containers: ${[first, ...more].map((one) => one?.ID.slice(0, 12)).join(', ')}`,
    );
  return first;
}
