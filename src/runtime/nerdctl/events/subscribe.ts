import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineUnavailableError } from '../../../errors.ts';
import { jsonLines } from '../../docker/wire/json-lines.ts';
import type { Client } from '../command/client.ts';
import { refusal } from '../command/failures.ts';
import { lastOf } from '../command/last-words.ts';
import { readEvent, type ToldEvent } from './read-event.ts';

/** What containerd tells, for as long as it does. */
export interface Subscription {
  /** Resolves when it tells no more; rejects where that is not an end of the connection. */
  readonly ended: Promise<void>;
  /** How long ago it has told something. */
  silentMs(): number;
  close(): void;
}

const againMs = 250;

/**
 * Resolves when containerd tells: nobody says that it does, so something is done that it has to tell of. A label of the
 * namespace that is not there is taken away.
 * @throws EngineUnavailableError, EngineRefusedError
 */
export async function subscribe(
  { client, namespace }: { readonly client: Client; readonly namespace: string },
  onEvent: (event: ToldEvent) => void,
  signal: AbortSignal,
): Promise<Subscription> {
  const own = new AbortController();
  const until = AbortSignal.any([signal, own.signal]);
  const probe = `offshoot.probe/${randomUUID()}`;
  const { promise: heard, resolve: hear } = Promise.withResolvers<'heard'>();
  let last = performance.now();
  const running = client.stream(['events', '--format', '{{json .}}'], until);

  async function listen(): Promise<void> {
    const words = lastOf(running.stderr);
    for await (const said of jsonLines(running.stdout)) {
      last = performance.now();
      const event = readEvent(said);
      if (event.topic.startsWith('/namespaces/') && Object.hasOwn(event.labels, probe)) hear('heard');
      else if (event.namespace === namespace) onEvent(event);
    }
    const { exitCode } = await running.ended;
    until.throwIfAborted();
    throw new EngineUnavailableError(refusal({ exitCode, stdout: '', stderr: await words }, 'tell its events').message);
  }

  async function makeItTell(): Promise<void> {
    while (!own.signal.aborted) {
      const options = { signal: until };
      const answer = await client.run(['namespace', 'update', '--label', `${probe}=`, namespace], options);
      // It is there as soon as something is put into it.
      if (/not found/.test(answer.stderr)) await client.run(['namespace', 'create', namespace], options);
      else if (answer.exitCode !== 0) throw refusal(answer, 'tell its events');
      if ((await Promise.race([heard, sleep(againMs, undefined, options)])) === 'heard') return;
    }
  }

  const ended = listen();
  ended.catch(() => {}); // told to who waits for it
  try {
    await Promise.race([makeItTell(), ended]);
  } catch (error) {
    own.abort();
    throw signal.aborted ? signal.reason : error;
  }
  return { ended, silentMs: () => performance.now() - last, close: () => own.abort() };
}
