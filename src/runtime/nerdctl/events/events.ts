import { setTimeout as sleep } from 'node:timers/promises';
import { EngineRefusedError, InternalError, OffshootError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import { eventBuffer } from '../../event-buffer.ts';
import {
  afterEvent,
  type Inferences,
  inferencesOf,
  inferEvents,
  isInferred,
  type KnownContainer,
  reconnected,
  settled,
} from '../../inferred-events.ts';
import { bears } from '../../labels.ts';
import type { EventStream, RuntimeEvent } from '../../runtime.ts';
import { lookAt, lookAtAll, pastOf, type SeenContainer } from './known-containers.ts';
import { ownLabels } from '../read/labels.ts';
import { type ToldEvent, wordsFor } from './read-event.ts';
import { subscribe, type Subscription } from './subscribe.ts';
import type { Tools } from '../connect/tools.ts';

type EventOptions = Parameters<Adapter['events']>[0];

const firstPauseMs = 100;
const longestPauseMs = 2_000;

type Asked = Promise<KnownContainer | undefined>;

/** While something is told all the time, what is there is looked at so often. */
const triesAfterReconnect = 3;

/**
 * containerd tells ids alone: names and labels are asked for, and remembered. A containerd that goes away is waited for;
 * it keeps no past, so what happened meanwhile is the difference between what was and what is.
 */
export async function events({ client, namespace }: Tools, options: EventOptions): Promise<EventStream> {
  const { types = ['container'], labels, since, bufferSize = 128, idleCheckMs = 30_000, signal } = options;
  checkTypes(types, labels !== undefined);
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const buffer = eventBuffer(bufferSize, () => ending.abort());
  const known = new Map<string, KnownContainer>();
  /** What was told before is in what was looked at. */
  let lookedAt = new Date(0);
  const begin = Promise.withResolvers<void>();
  let told: Promise<unknown> = begin.promise;
  let count = 0;
  let inferences: Inferences = new Map();
  /** What was told before it was known what is there. */
  let early: ToldEvent[] | undefined = [];

  function give(event: RuntimeEvent): void {
    if (types.includes(event.type) && bears(event.attributes, labels)) buffer.push(event);
  }

  function push(event: RuntimeEvent): void {
    if (isInferred(event, inferences)) return;
    afterEvent(known, event);
    give(event);
  }

  async function describe(id: string): Promise<KnownContainer | undefined> {
    try {
      return (await lookAt(client, [id], until))[0];
    } catch (error) {
      // One that has gone again at once has no name for us, and the stream tells when containerd is gone.
      if (error instanceof OffshootError) return undefined;
      throw error;
    }
  }

  /** In their order, whatever takes long; what is asked is asked at once. */
  function take(event: ToldEvent): void {
    const asked = event.topic === '/containers/create' ? describe(event.id) : undefined;
    asked?.catch(() => {}); // looked at below
    count += 1;
    early?.push(event);
    told = inTurn(told, event, asked).catch((error: unknown) => buffer.end(error));
  }

  async function inTurn(before: Promise<unknown>, event: ToldEvent, asked: Asked | undefined): Promise<void> {
    await before;
    if (event.at > lookedAt) await tell(event, asked);
  }

  async function tell(event: ToldEvent, asked: Asked | undefined): Promise<void> {
    const { at, id, execId, exitCode, image } = event;
    if (event.topic === '/containers/update') return changed(event);
    const words = wordsFor(event);
    if (words === undefined) return;
    if (words.type === 'image')
      return push({ at, ...words, id: event.name, name: event.name, attributes: { name: event.name } });
    const facts = (await asked) ?? known.get(id) ?? (await describe(id));
    if (facts !== undefined && !known.has(id)) known.set(id, facts);
    push({
      at,
      ...words,
      id,
      name: facts?.name,
      attributes: {
        ...facts?.labels,
        ...(facts !== undefined && { name: facts.name }),
        ...(image !== '' && { image }),
        ...(execId !== undefined && { execID: execId }),
        ...(words.action.endsWith('die') && { exitCode: String(exitCode) }),
      },
    });
  }

  /** The whole of its labels, of which one is its name. */
  function changed({ id, at, labels: all }: ToldEvent): void {
    const before = known.get(id);
    const name = all['nerdctl/name'];
    if (before === undefined || name === undefined) return;
    const now = { ...before, name, labels: ownLabels({ Labels: all }) };
    known.set(id, now);
    if (name === before.name) return;
    push({
      at,
      type: 'container',
      action: 'rename',
      id,
      name,
      attributes: { ...now.labels, name, oldName: before.name },
    });
  }

  /** All that is there now, at a moment when nothing is told of it. */
  async function look(tries: number): Promise<ReadonlyMap<string, SeenContainer> | undefined> {
    for (let left = tries; ; left -= 1) {
      const [at, before] = [new Date(), count];
      const now = await lookAtAll(client, until);
      if (count !== before && left > 0) continue;
      if (count !== before && tries === 0) return undefined;
      lookedAt = at;
      return now;
    }
  }

  /** Did anything happen that was not told? What is told meanwhile comes afterwards. */
  async function resync(tries: number): Promise<boolean> {
    const work = told.then(async () => {
      const now = await look(tries);
      if (now === undefined) return false;
      const missed = inferEvents(settled(known, now), now, new Date());
      remember(now);
      inferences = inferencesOf(missed, now);
      for (const event of missed) give(event);
      return missed.length > 0;
    });
    // That it fails is told to who asks.
    told = work.catch(() => false);
    return work;
  }

  function remember(now: ReadonlyMap<string, KnownContainer>): void {
    known.clear();
    for (const [id, one] of now) known.set(id, one);
  }

  async function reconnect(): Promise<Subscription> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await sleep(pauseMs, undefined, { signal: until });
      let subscription: Subscription | undefined;
      try {
        subscription = await subscribe({ client, namespace }, take, until);
        buffer.push(reconnected());
        await resync(triesAfterReconnect);
        return subscription;
      } catch (error) {
        subscription?.close();
        until.throwIfAborted();
        if (error instanceof EngineRefusedError || !(error instanceof OffshootError)) throw error;
      }
    }
  }

  async function follow(first: Subscription): Promise<void> {
    for (let subscription = first; ; subscription = await reconnect()) {
      try {
        await untilSilent(subscription);
      } catch (error) {
        until.throwIfAborted();
        if (error instanceof InternalError) throw error;
      } finally {
        subscription.close();
      }
    }
  }

  /** Returns when it tells nothing although there is something to tell; rejects when it has ended. */
  async function untilSilent(subscription: Subscription): Promise<void> {
    for (let asked = performance.now(); ;) {
      const over = new AbortController();
      const quietMs = (): number => Math.min(subscription.silentMs(), performance.now() - asked);
      const idle = sleep(Math.max(idleCheckMs - quietMs(), 1), undefined, {
        signal: AbortSignal.any([until, over.signal]),
      });
      idle.catch(() => {}); // when the end is first
      try {
        await Promise.race([subscription.ended, idle]);
      } finally {
        over.abort();
      }
      if (quietMs() < idleCheckMs) continue;
      if (await resync(0)) return;
      asked = performance.now();
    }
  }

  const first = await subscribe({ client, namespace }, take, until);
  const now = await lookAtAll(client, until).catch((error: unknown) => {
    first.close();
    throw signal.aborted ? signal.reason : error;
  });
  if (since !== undefined) {
    const isTold = ({ id, action }: RuntimeEvent): boolean =>
      early?.some((event) => event.id === id && wordsFor(event)?.action === action) === true;
    for (const event of pastOf(now.values(), since)) if (!isTold(event)) give(event);
  }
  early = undefined;
  remember(now);
  begin.resolve();
  follow(first).catch((error: unknown) => {
    // What the consumer itself has ended is no failure.
    if (ending.signal.aborted && !signal.aborted) buffer.end();
    else buffer.end(signal.aborted ? signal.reason : error);
    ending.abort();
  });
  return buffer.stream;
}

function checkTypes(types: readonly string[], byLabels: boolean): void {
  const other = types.find((type) => type !== 'container' && type !== 'image');
  if (other !== undefined)
    throw notSupported('nerdctl', `events (${other})`, 'events', `containerd tells nothing of the type ${other}`);
  if (byLabels && types.includes('image'))
    throw notSupported('nerdctl', 'events (image, by labels)', 'events', 'containerd tells no labels of images');
}
