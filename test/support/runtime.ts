import { setTimeout as sleep } from 'node:timers/promises';
import { dockerRuntime } from '../../src/runtime/docker/runtime.ts';
import type { OutputChunk, Runtime } from '../../src/runtime/runtime.ts';

/** For calls that nobody aborts. */
export const never: AbortSignal = new AbortController().signal;

export function connectTo(host: string, env: Readonly<Record<string, string>> = {}): Promise<Runtime> {
  return dockerRuntime({ DOCKER_HOST: host, ...env }, { signal: never });
}

/** Both streams of an output, to its end. */
export async function collect(chunks: AsyncIterable<OutputChunk>): Promise<{ stdout: string; stderr: string }> {
  const parts = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  for await (const { stream, data } of chunks) parts[stream].push(data);
  return { stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString() };
}

/** What it was rejected with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
}

/**
 * What it is rejected with, when it is so within 50 ms from now: counted by a timer, which a busy machine holds up as
 * much as all the rest.
 */
export async function promptFailureOf(work: Promise<unknown>): Promise<unknown> {
  const late = new AbortController();
  const limit = sleep(50, 'later than 50 ms', { signal: late.signal }).catch(() => {});
  const failure = await Promise.race([failureOf(work), limit]);
  late.abort();
  return failure;
}
