import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { aborted } from '../../process-group.ts';
import type { Client } from './client.ts';
import type { Answer } from './failures.ts';

interface FollowOptions {
  readonly signal: AbortSignal;
  /** Beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Lines as they come. */
  readonly onStdout?: ((line: string) => void) | undefined;
  readonly onStderr?: ((line: string) => void) | undefined;
}

/** Of what is told line by line only so much is kept. */
const keptLines = 100;

/** nerdctl, to its end, however long it takes. Rejects at once when aborted, and nothing goes on. */
export async function follow(
  client: Client,
  args: readonly string[],
  { signal, env, onStdout, onStderr }: FollowOptions,
): Promise<Answer> {
  signal.throwIfAborted();
  const over = new AbortController();
  const running = client.streamProgram(client.words(args), { signal: AbortSignal.any([signal, over.signal]), env });
  try {
    const all = Promise.all([running.ended, lines(running.stdout, onStdout), lines(running.stderr, onStderr)]);
    const [{ exitCode }, stdout, stderr] = await Promise.race([all, aborted(signal, over.signal)]);
    return { exitCode, stdout, stderr };
  } finally {
    over.abort();
  }
}

async function lines(input: Readable, onLine: ((line: string) => void) | undefined): Promise<string> {
  const kept: string[] = [];
  for await (const line of createInterface({ input })) {
    onLine?.(line);
    kept.push(line);
    if (onLine !== undefined && kept.length > keptLines) kept.shift();
  }
  return kept.join('\n');
}
