import { pipeline } from 'node:stream/promises';
import { EngineRefusedError } from '../../../errors.ts';
import { aborted } from '../../process-group.ts';
import type { ByteStream } from '../../runtime.ts';
import type { Client, Running } from '../command/client.ts';
import { refusal } from '../command/failures.ts';
import { lastOf } from '../command/last-words.ts';

/** A tar stream; it breaks off with an error where it is not the whole. */
export async function* save(client: Client, references: readonly string[], signal: AbortSignal): ByteStream {
  const running = client.stream(['save', '--', ...references], signal);
  const words = lastOf(running.stderr);
  try {
    for await (const chunk of running.stdout) {
      signal.throwIfAborted();
      yield chunk as Uint8Array;
    }
    const { exitCode } = await running.ended;
    signal.throwIfAborted();
    if (exitCode !== 0) throw refusal({ exitCode, stdout: '', stderr: await words }, 'save images');
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    running.kill();
  }
}

/** nerdctl takes no socket for a standard input, which is what a child of ours has: `cat` makes a pipe of it. */
const throughPipe = 'cat | "$@"';

/** Names, or ids of what has none. */
export async function load(
  client: Client,
  tar: ByteStream | Uint8Array,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const command = ['sh', '-c', throughPipe, 'sh', ...client.words(['load'])];
  const running = client.streamProgram(command, { signal: until, stdin: true });
  try {
    const [said, words] = await Promise.race([
      Promise.all([textOf(running.stdout), lastOf(running.stderr), give(running, tar)]),
      aborted(signal, over.signal),
    ]);
    const { exitCode } = await running.ended;
    if (exitCode !== 0) throw refusal({ exitCode, stdout: said, stderr: words }, 'load images');
    return namesIn(said);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    over.abort();
  }
}

async function give({ stdin, ended }: Running, tar: ByteStream | Uint8Array): Promise<void> {
  if (stdin === undefined) return;
  try {
    await pipeline(tar instanceof Uint8Array ? [tar] : tar, stdin);
  } catch (error) {
    // It has ended before it had read all; its own words tell why.
    if (!isBrokenPipe(error)) throw error;
    await ended;
  }
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:EPIPE|ECONNRESET|ERR_STREAM_)/.test(String(error.code));
}

/** `unpacking docker.io/library/x:1 (sha256:…)...`; its own last word shortens the name. */
export function namesIn(said: string): readonly string[] {
  const found = [...said.matchAll(/^unpacking (\S+) \((\S+)\)\.\.\.$/gm)];
  if (found.length === 0)
    throw new EngineRefusedError('nerdctl loaded nothing: there is no image for this platform in it');
  return found.map(([, name = '', digest = '']) => (name.includes('@') ? digest : name));
}

async function textOf(stream: Running['stdout']): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
