import type { OutputChunk } from '../runtime.ts';

const headerLength = 8;

/**
 * Takes the engine's multiplexed stream apart: frames of one byte of stream number, three of padding, four of length
 * (big endian), then data. Data is handed on as it arrives, so that a huge frame costs no memory, and the engine is
 * only read as fast as the consumer takes it.
 */
export async function* demultiplex(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  let header: Uint8Array = new Uint8Array(0);
  let stream: OutputChunk['stream'] = 'stdout';
  let left = 0;
  for await (const chunk of chunks) {
    let data = chunk;
    while (data.length > 0) {
      if (left === 0) {
        const missing = headerLength - header.length;
        header = concat(header, data.subarray(0, missing));
        data = data.subarray(missing);
        if (header.length < headerLength) break;
        stream = header[0] === 2 ? 'stderr' : 'stdout';
        left = new DataView(header.buffer, header.byteOffset).getUint32(4);
        header = new Uint8Array(0);
      } else {
        const part = data.subarray(0, left);
        left -= part.length;
        data = data.subarray(part.length);
        yield { stream, data: part };
      }
    }
  }
  if (left > 0 || header.length > 0) throw new Error('the stream of its output broke off in the middle of a frame');
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
