import { EngineUnavailableError } from '../../../errors.ts';
import type { OutputChunk } from '../../runtime.ts';

const headerLength = 8;
/** By the stream number of a frame; the last is the engine's own: why it cannot go on. */
const streams = ['stdout', 'stdout', 'stderr', 'failure'] as const;
const failureLimit = 1000;

/**
 * Takes the engine's multiplexed stream apart: frames of one byte of stream number, three of padding, four of length
 * (big endian), then data. Data is handed on as it arrives, so that a huge frame costs no memory, and the engine is
 * only read as fast as the consumer takes it.
 */
export async function* demultiplex(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  let header: Uint8Array = new Uint8Array(0);
  let stream: (typeof streams)[number] = 'stdout';
  let left = 0;
  let failure = '';
  for await (const chunk of chunks) {
    let data = chunk;
    while (data.length > 0) {
      if (left === 0) {
        const missing = headerLength - header.length;
        header = concat(header, data.subarray(0, missing));
        data = data.subarray(missing);
        if (header.length < headerLength) break;
        ({ stream, left } = readHeader(header));
        header = new Uint8Array(0);
      } else {
        const part = data.subarray(0, left);
        left -= part.length;
        data = data.subarray(part.length);
        if (stream !== 'failure') yield { stream, data: part };
        else if (failure.length < failureLimit) failure += Buffer.from(part).toString();
      }
      if (left === 0 && failure !== '') {
        throw new EngineUnavailableError(`the engine cannot give its output: ${failure.trim().slice(0, failureLimit)}`);
      }
    }
  }
  if (left > 0 || header.length > 0)
    throw new EngineUnavailableError('the output of the container broke off in its middle');
}

function readHeader(header: Uint8Array): { stream: (typeof streams)[number]; left: number } {
  const view = new DataView(header.buffer, header.byteOffset);
  const stream = streams[view.getUint8(0)];
  // Anything else would be read as a length of gigabytes, and printed as if it were output.
  if (stream === undefined || (view.getUint32(0) & 0xff_ff_ff) !== 0)
    throw new EngineUnavailableError(
      'the engine sends the output of the container in a form that offshoot does not know',
    );
  return { stream, left: view.getUint32(4) };
}

/** The output of a container with a terminal is not framed. */
export async function* raw(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  for await (const data of chunks) yield { stream: 'stdout', data };
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
