import { ExecError } from '../errors.ts';
import type { OutputChunk } from './runtime.ts';

/** What is kept of a process that is run to its end. */
export const defaultMaxBytes: number = 64 * 1024 * 1024;

/** All of it. @throws ExecError where it is too much */
export async function capture(
  output: AsyncIterable<OutputChunk>,
  maxBytes: number,
): Promise<{ stdout: string; stderr: string }> {
  const parts = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  let length = 0;
  for await (const { stream, data } of output) {
    length += data.length;
    if (length > maxBytes)
      throw new ExecError(`the process says more than ${maxBytes} bytes`, {
        hint: 'Give it a larger maxBytes, or stream it.',
      });
    parts[stream].push(data);
  }
  return { stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString() };
}

const beginning = 4096;

/**
 * Tells the end of an output that one reads, or that nobody does, and how it began.
 * @param over is called then
 */
export function watch(
  output: AsyncIterable<OutputChunk>,
  over: () => void = () => {},
): {
  output: AsyncIterable<OutputChunk>;
  ended: () => Promise<string>;
} {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  promise.catch(() => {}); // told to who waits
  let taken = false;
  let said = '';
  async function* passed(): AsyncGenerator<OutputChunk> {
    taken = true;
    try {
      for await (const chunk of output) {
        if (said.length < beginning) said += Buffer.from(chunk.data.subarray(0, beginning)).toString();
        yield chunk;
      }
    } catch (error) {
      reject(error);
      throw error;
    } finally {
      // Also where its reader has had enough.
      over();
      resolve(said);
    }
  }
  const generator = passed();
  return {
    output: generator,
    async ended() {
      if (!taken) for await (const _ of generator);
      return promise;
    },
  };
}
