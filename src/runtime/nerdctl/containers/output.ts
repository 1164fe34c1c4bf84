import { NotFoundError } from '../../../errors.ts';
import type { OutputChunk } from '../../runtime.ts';
import { pause } from '../../../timing.ts';
import type { Client, Running } from '../command/client.ts';
import { isMissing, refusal } from '../command/failures.ts';

/** Chunks of both streams as they come; what takes them slowly holds the container back. */
export async function* chunksOf(running: Running, signal: AbortSignal): AsyncGenerator<OutputChunk> {
  const streams = { stdout: running.stdout, stderr: running.stderr } as const;
  const sources = (['stdout', 'stderr'] as const).map((stream) => ({
    stream,
    from: streams[stream][Symbol.asyncIterator](),
  }));
  const next = async (
    source: (typeof sources)[number],
  ): Promise<{ source: typeof source; result: IteratorResult<unknown> }> => ({
    source,
    result: await source.from.next(),
  });
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  try {
    while (waiting.size > 0) {
      const { source, result } = await Promise.race(waiting.values());
      signal.throwIfAborted();
      if (result.done) waiting.delete(source);
      else {
        yield { stream: source.stream, data: result.value as Uint8Array };
        waiting.set(source, next(source));
      }
    }
    await running.ended;
    signal.throwIfAborted();
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    running.kill();
    for (const promise of waiting.values()) promise.catch(() => {});
  }
}

export interface LogRequest {
  readonly id: string;
  readonly tail?: number | undefined;
  readonly follow?: boolean | undefined;
  readonly since?: Date | undefined;
}

/** What nerdctl has kept of the output. */
export function logs(
  client: Client,
  { id, tail, follow, since }: LogRequest,
  signal: AbortSignal,
): AsyncIterable<OutputChunk> {
  const flags = [
    ...(tail === undefined ? [] : ['--tail', String(tail)]),
    ...(follow ? ['--follow'] : []),
    ...(since === undefined ? [] : ['--since', since.toISOString()]),
  ];
  // Zero means all of it.
  return tail === 0 ? nothing() : withoutOwnWords(client.stream(['logs', ...flags, id], signal), signal);
}

async function* nothing(): AsyncGenerator<OutputChunk> {
  // Not one chunk.
}

/**
 * nerdctl's own last word, where it ends with an error, stands behind what the container said:
 * `time="…" level=fatal msg="1 errors:\n"`. What could be the beginning of it is held back.
 * @param tell hears that word, or nothing
 */
export async function* withoutOwnWords(
  running: Running,
  signal: AbortSignal,
  tell: (words: string) => void = () => {},
): AsyncGenerator<OutputChunk> {
  let held = Buffer.alloc(0);
  for await (const { stream, data } of chunksOf(running, signal)) {
    if (stream === 'stdout') {
      yield { stream, data };
      continue;
    }
    const all = Buffer.concat([held, data]);
    const at = all.lastIndexOf(ownBeginning);
    const from = at >= 0 && isOwn(all.subarray(at).toString('latin1')) ? at : beginningAt(all);
    if (from > 0) yield { stream, data: all.subarray(0, from) };
    held = all.subarray(from);
  }
  const { exitCode } = await running.ended;
  if (held.length > 0 && (exitCode === 0 || !isOwn(held.toString('latin1')))) yield { stream: 'stderr', data: held };
  else tell(held.toString());
}

const ownBeginning = 'time="';

/** All of it, or a part of it from its beginning on. */
function isOwn(text: string): boolean {
  const stamp = /^time="[^"\n]{0,40}/.exec(text)?.[0];
  if (stamp === undefined) return false;
  const rest = text.slice(stamp.length);
  const whole = '" level=fatal msg=';
  return rest.length <= whole.length ? whole.startsWith(rest) : rest.startsWith(whole) && !/\n[^]/.test(rest);
}

/** Where the end of a chunk is a part of `time="`. */
function beginningAt(data: Buffer): number {
  for (let length = Math.min(ownBeginning.length - 1, data.length); length > 0; length -= 1)
    if (ownBeginning.startsWith(data.subarray(data.length - length).toString('latin1'))) return data.length - length;
  return data.length;
}

export interface StateNow {
  readonly running: boolean;
  readonly startedAt: string | undefined;
}

export type AskState = (id: string, signal: AbortSignal) => Promise<StateNow | undefined>;

const pollMs = 200;

/** The output of a container that somebody else starts some time. */
export async function* whenStarted(
  client: Client,
  id: string,
  ask: AskState,
  signal: AbortSignal,
): AsyncGenerator<OutputChunk> {
  for (;;) {
    const state = await ask(id, signal);
    if (state === undefined) throw new NotFoundError('container', id);
    if (state.startedAt !== undefined) break;
    await pause(pollMs, signal);
  }
  yield* logs(client, { id, follow: true }, signal);
}

/** Waits with a container; undefined where it does not run. */
export async function waitFor(client: Client, id: string, signal: AbortSignal): Promise<number | undefined> {
  const answer = await client.run(['wait', id], { signal, timeoutMs: Infinity });
  const status = /^\d+$/m.exec(answer.stdout)?.[0];
  if (answer.exitCode === 0 && status !== undefined) return Number(status);
  if (isMissing(answer)) throw new NotFoundError('container', id);
  if (/no running task found/.test(answer.stderr)) return undefined;
  throw refusal(answer, `wait for ${id.slice(0, 12)}`);
}
