import * as z from 'zod';
import { EngineRefusedError } from '../../errors.ts';
import { isImageId, parseReference } from '../../plan/reference.ts';
import type { ContainerRecord, ContainerState, ContainerSummary, ImageRecord } from '../container.ts';
import type { Client } from './client.ts';
import { type Answer, isMissing, refusal } from './failures.ts';
import { imageRecord, nativeImage } from './image.ts';
import { type CompatContainer, compatContainer, type NativeContainer, nativeContainer } from './native.ts';
import { read } from './read.ts';
import { containerRecord, containerSummary, stateOf } from './record.ts';
import { quoted } from './words.ts';

export interface Lookup {
  /** The answer is used by the next `container` about it. */
  ahead(id: string, signal: AbortSignal): void;
  /** The first process of a container that ran a moment ago; undefined where nobody has asked then. */
  lastPid(id: string): number | undefined;
  container(reference: string, signal: AbortSignal): Promise<ContainerRecord | undefined>;
  state(id: string, signal: AbortSignal): Promise<ContainerState | undefined>;
  list(labels: Readonly<Record<string, string>> | undefined, signal: AbortSignal): Promise<ContainerSummary[]>;
  image(reference: string, signal: AbortSignal): Promise<ImageRecord | undefined>;
  /** Other namespaces of containerd that have such an image. */
  namespacesWith(image: string, but: string, signal: AbortSignal): Promise<string[]>;
  /** Ids of all that have exactly this name. */
  named(name: string, signal: AbortSignal): Promise<string[]>;
  /** The folder of nerdctl's own files, as a container that was seen tells it. */
  dataStore(): string | undefined;
  /** Images may be others than before. */
  forget(): void;
}

/** What a container can be called; other text could be taken for a flag or a filter. */
const containerReference = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
/** `STORE/containers/NAMESPACE/ID` */
const storeFolder = /^(\/.+)\/containers\/[^/]+\/[^/]+$/;
/** An image is asked for several times within one launch. */
const rememberMs = 2_000;

/** `givable`: the capabilities that a privileged container can have here. */
export function createLookup(client: Client, givable: readonly string[]): Lookup {
  const images = new Map<string, { at: number; found: Promise<ImageRecord | undefined> }>();
  const pids = new Map<string, { at: number; pid: number }>();
  const begun = new Map<string, Promise<ContainerRecord | undefined>>();

  let store: string | undefined;

  return {
    ...{ ahead, lastPid, container, state, list, image, namespacesWith, named },
    dataStore: () => store,
    forget: () => images.clear(),
  };

  function ahead(id: string, signal: AbortSignal): void {
    const answer = ask(id, signal);
    begun.set(id, answer);
    answer.catch(() => {}); // told to who asks, if anybody does
  }

  function lastPid(id: string): number | undefined {
    const { at = -Infinity, pid } = pids.get(id) ?? {};
    return performance.now() - at < rememberMs ? pid : undefined;
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

  async function ask(reference: string, signal: AbortSignal): Promise<ContainerRecord | undefined> {
    const [natives, compats] = await Promise.all([
      inspectNative([reference], signal),
      inspectCompat(reference, signal),
    ]);
    const native = chosen(reference, natives);
    if (native === undefined) return undefined;
    const compat = compats.find(({ Id }) => Id === native.ID) ?? { Id: native.ID, State: stateIn(native) };
    return containerRecord({ native, compat, image: await image(native.Image, signal), givable });
  }

  async function state(id: string, signal: AbortSignal): Promise<ContainerState | undefined> {
    signal.throwIfAborted();
    if (!containerReference.test(id)) return undefined;
    const [first] = await inspectCompat(id, signal);
    return first && stateOf(first);
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

  async function list(
    labels: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ): Promise<ContainerSummary[]> {
    // A value with a line break is not found by its filter: names are filtered, values compared.
    const filters = Object.keys(labels ?? {}).flatMap((name) => ['--filter', quoted(`label=${name}`)]);
    const all = labels === undefined ? [] : ['--all'];
    const answer = await client.run(['ps', '--quiet', '--no-trunc', ...all, ...filters], { signal });
    if (answer.exitCode !== 0) throw refusal(answer, 'list its containers');
    const ids = answer.stdout.split('\n').filter((line) => containerReference.test(line));
    if (ids.length === 0) return [];
    const wanted = Object.entries(labels ?? {});
    return (await inspectNative(ids, signal))
      .filter(({ ID }) => ids.includes(ID))
      .map(containerSummary)
      .filter((row) => wanted.every(([name, value]) => row.labels[name] === value));
  }

  async function image(reference: string, signal: AbortSignal): Promise<ImageRecord | undefined> {
    signal.throwIfAborted();
    const known = images.get(reference);
    if (known !== undefined && performance.now() - known.at < rememberMs) return known.found;
    const answer = inspectImage(reference, signal);
    images.set(reference, { at: performance.now(), found: answer });
    try {
      const record = await answer;
      if (record === undefined) images.delete(reference);
      else images.set(record.id, { at: performance.now(), found: answer });
      return record;
    } catch (error) {
      images.delete(reference);
      throw error;
    }
  }

  async function inspectImage(reference: string, signal: AbortSignal): Promise<ImageRecord | undefined> {
    signal.throwIfAborted();
    const isId = isImageId(reference) || /^[0-9a-f]{7,63}$/.test(reference);
    if (!isId && !isReference(reference)) return undefined;
    const answer = await client.run(['image', 'inspect', '--mode=native', '--', reference], { signal });
    if (!isFound(answer)) return undefined;
    const all = read('image', answer.stdout, z.array(nativeImage));
    // A digest is found under any name.
    const fitting = isId ? all : all.filter(({ Image }) => repositoryOf(Image.Name) === repositoryOf(reference));
    return fitting[0] && imageRecord(fitting[0]);
  }

  async function namespacesWith(reference: string, but: string, signal: AbortSignal): Promise<string[]> {
    const answer = await client.run(['namespace', 'ls', '--quiet'], { signal });
    if (answer.exitCode !== 0) return [];
    const others = answer.stdout.split('\n').filter((name) => name !== '' && name !== but);
    const has = await Promise.all(
      others.map((name) => client.run(['--namespace', name, 'image', 'inspect', '--', reference], { signal })),
    );
    return others.filter((_, at) => has[at]?.exitCode === 0);
  }
}

/** Some of several may be gone: then the others are there all the same. */
function isFound(answer: Answer): boolean {
  const text = answer.stdout.trim();
  // Of an image that is missing nothing is said at all.
  if (text === '[]' || (answer.exitCode === 0 && text === '')) return false;
  if (answer.exitCode === 0 || text.startsWith('[')) return true;
  if (isMissing(answer)) return false;
  throw refusal(answer, 'inspect it');
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

/** Where it has gone between two questions. */
function stateIn({ Process }: NativeContainer): CompatContainer['State'] {
  const running = Process?.Status.Status === 'running';
  const Status = Process === null || Process === undefined ? '' : running ? 'running' : 'exited';
  return { Status, Running: running, Paused: false, Pid: Process?.Pid ?? 0, ExitCode: 0, StartedAt: '' };
}

function isReference(text: string): boolean {
  try {
    parseReference(text);
    return true;
  } catch {
    return false;
  }
}

/** In full: `alpine` is `docker.io/library/alpine`. */
function repositoryOf(reference: string): string {
  const name = reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const [host = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(host) || host === 'localhost');
  const full = isHost ? name : rest.length > 0 ? `docker.io/${name}` : `docker.io/library/${name}`;
  return full.replace(/^index\.docker\.io\//, 'docker.io/');
}
