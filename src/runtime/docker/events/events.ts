import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { EngineRefusedError, OffshootError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
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
import { ask, labelFilter } from '../wire/ask.ts';
import type { Connection } from '../connect/connect.ts';
import { jsonLines } from '../wire/json-lines.ts';
import { readEvent, timestamp } from './read-event.ts';

type EventOptions = Parameters<Adapter['events']>[0];
type Source = Pick<Adapter, 'list' | 'inspect' | 'ping'>;

const firstPauseMs = 100;
const longestPauseMs = 2_000;
const graceMs = 1_000;

/**
 * An engine that goes away is waited for. What it tells of the meantime comes first; then what the difference between
 * what was and what is says: a restarted dockerd remembers nothing.
 */
export async function events(connection: Connection, source: Source, options: EventOptions): Promise<EventStream> {
  const { types = ['container'], labels, since, bufferSize = 128, idleCheckMs = 30_000, signal } = options;
  const isPodman = connection.libpod !== undefined;
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const buffer = eventBuffer(bufferSize, () => ending.abort());
  const filters = JSON.stringify({
    type: types,
    ...(labels !== undefined && !isPodman && { label: labelFilter(labels) }),
  });
  const known = new Map<string, KnownContainer>();
  let inferences: Inferences = new Map();
  let last = since === undefined ? undefined : since.getTime() * 1e6 - 1;

  async function open(query: Record<string, string>): Promise<AsyncIterable<Uint8Array>> {
    const request = { method: 'GET', path: '/events', query: { ...query, filters }, signal: until } as const;
    return (await ask(connection.api, request, { what: 'tell its events' })).stream();
  }

  function take(said: unknown): void {
    const { event, nanoseconds } = readEvent(said, isPodman);
    // It is asked for more than is new, so that nothing falls between.
    if (last !== undefined && nanoseconds <= last) return;
    last = nanoseconds;
    // Podman knows no labels of which any value will do.
    if (isPodman && !bears(event.attributes, labels)) return;
    if (isInferred(event, inferences)) return;
    afterEvent(known, event);
    buffer.push(event);
  }

  async function state(): Promise<Map<string, KnownContainer>> {
    if (!types.includes('container')) return new Map();
    const listed = await source.list({ all: true, ...(labels !== undefined && { labels }), signal: until });
    const records = await Promise.all(listed.map(({ id }) => source.inspect(id, { signal: until })));
    return new Map(
      records.flatMap((record) => {
        if (record === undefined) return [];
        const { id, name, state: found } = record;
        const { status, startedAt, exitCode, running } = found;
        return [[id, { id, name, labels: record.labels, status, startedAt, exitCode: running ? undefined : exitCode }]];
      }),
    );
  }

  /** What happened that was not told. */
  function missedIn(now: ReadonlyMap<string, KnownContainer>): RuntimeEvent[] {
    return inferEvents(settled(known, now), now, new Date());
  }

  async function resync(): Promise<void> {
    const now = await state();
    const missed = missedIn(now);
    known.clear();
    for (const [id, one] of now) known.set(id, one);
    inferences = inferencesOf(missed, now);
    for (const event of missed) buffer.push(event);
  }

  async function reconnect(): Promise<AsyncIterable<Uint8Array>> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await sleep(pauseMs, undefined, { signal: until });
      try {
        const now = timestamp(Date.now() * 1e6);
        if (last !== undefined)
          for await (const said of jsonLines(await open({ since: timestamp(last), until: now }))) take(said);
        const chunks = await open({ since: now });
        buffer.push(reconnected());
        await resync();
        return chunks;
      } catch (error) {
        until.throwIfAborted();
        if (error instanceof EngineRefusedError || !(error instanceof OffshootError)) throw error;
      }
    }
  }

  async function follow(first: AsyncIterable<Uint8Array>): Promise<void> {
    for (let chunks = first; ; chunks = await reconnect()) {
      try {
        await readUntilSilent(chunks);
      } catch (error) {
        until.throwIfAborted();
        if (error instanceof z.ZodError) throw error;
      }
    }
  }

  /** Returns when the stream has ended, or tells nothing although there is something to tell. */
  async function readUntilSilent(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const lines = jsonLines(chunks);
    try {
      for (let next = lines.next(); ;) {
        let result = await orIdle(next, idleCheckMs, until);
        if (result === 'idle') {
          await source.ping({ signal: until });
          if (missedIn(await state()).length === 0) continue;
          // It may be about to tell.
          result = await orIdle(next, graceMs, until);
          if (result === 'idle') return;
        }
        if (result.done === true) return;
        take(result.value);
        next = lines.next();
      }
    } finally {
      // Not awaited: it waits for the line that does not come.
      void lines.return(undefined).catch(() => {});
    }
  }

  const chunks = await open(last === undefined ? {} : { since: timestamp(last) });
  for (const [id, one] of await state()) known.set(id, one);
  follow(chunks).catch((error: unknown) => {
    // What the consumer itself has ended is no failure.
    if (ending.signal.aborted && !signal.aborted) buffer.end();
    else buffer.end(signal.aborted ? signal.reason : error);
    ending.abort();
  });
  return buffer.stream;
}

async function orIdle<T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T | 'idle'> {
  const done = new AbortController();
  const idle = sleep(ms, 'idle' as const, { signal: AbortSignal.any([signal, done.signal]) });
  idle.catch(() => {}); // when the work is first
  try {
    return await Promise.race([work, idle]);
  } finally {
    done.abort();
  }
}
