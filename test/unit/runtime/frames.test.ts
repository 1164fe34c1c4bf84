import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineUnavailableError } from '../../../src/errors.ts';
import { demultiplex, raw } from '../../../src/runtime/docker/wire/frames.ts';
import { jsonLines } from '../../../src/runtime/docker/wire/json-lines.ts';
import { collect } from '../../support/runtime.ts';

function frame(stream: number, data: string | Uint8Array): Buffer {
  const bytes = Buffer.from(data);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** The same bytes in pieces of other sizes. */
async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, (at += size));
  }
}

describe('the multiplexed stream of an engine', () => {
  it('is the same wherever it is split', async () => {
    const chunk = fc.record({ stream: fc.constantFrom(1, 2), data: fc.uint8Array({ maxLength: 40 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(chunk, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }),
        async (frames, sizes) => {
          const bytes = Buffer.concat(frames.map(({ stream, data }) => frame(stream, data)));
          const expected = (wanted: number): Buffer =>
            Buffer.concat(frames.filter(({ stream }) => stream === wanted).map(({ data }) => data));
          const got = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
          for await (const { stream, data } of demultiplex(pieces(bytes, sizes))) got[stream].push(data);
          expect(Buffer.concat(got.stdout)).toEqual(expected(1));
          expect(Buffer.concat(got.stderr)).toEqual(expected(2));
        },
      ),
    );
  });

  it('keeps a letter whole that arrives in two pieces', async () => {
    const text = 'zwölf Boxkämpfer 🥊\n';
    expect(await collect(demultiplex(pieces(frame(1, text), [1])))).toEqual({ stdout: text, stderr: '' });
    expect(await collect(raw(pieces(Buffer.from(text), [1])))).toEqual({ stdout: text, stderr: '' });
  });

  it('hands a huge frame on in the pieces in which it arrives', async () => {
    const sizes: number[] = [];
    for await (const { data } of demultiplex(pieces(frame(1, Buffer.alloc(1_000_000)), [65_536])))
      sizes.push(data.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1_000_000);
  });

  const whole = Buffer.concat([frame(1, 'one'), frame(2, 'two')]);
  it.each([1, 7, 8, 10, 12, 18, 19, 21])('cut after %i bytes is an error', async (length) => {
    const work = collect(demultiplex(pieces(whole.subarray(0, length), [5])));
    await expect(work).rejects.toThrow(EngineUnavailableError);
    await expect(work).rejects.toThrow('broke off in its middle');
  });

  it('tells why the engine cannot go on, which it sends as a stream of its own', async () => {
    const bytes = Buffer.concat([frame(1, 'one'), frame(3, 'Error grabbing logs: unexpected EOF\n')]);
    await expect(collect(demultiplex(pieces(bytes, [6])))).rejects.toThrow(
      'the engine cannot give its output: Error grabbing logs: unexpected EOF',
    );
  });

  it.each([
    ['of a terminal', Buffer.from('/ # ls -l /tmp\r\n')],
    ['of another stream number', frame(4, 'x')],
    ['with something in the padding', Buffer.from([1, 0, 1, 0, 0, 0, 0, 1, 65])],
  ])('%s is an error, not output', async (_, bytes) => {
    await expect(collect(demultiplex(pieces(bytes, [100])))).rejects.toThrow('in a form that offshoot does not know');
  });
});

describe('a stream of JSON lines', () => {
  const values = async (bytes: string | Buffer, size = 1): Promise<unknown[]> => {
    const all: unknown[] = [];
    for await (const value of jsonLines(pieces(Buffer.from(bytes), [size]))) all.push(value);
    return all;
  };

  it('is the same wherever it is split, letters of several bytes included', async () => {
    const text = '{"a":"ä🥊"}\r\n\n{"b":2}\n';
    for (const size of [1, 2, 3, 5, 100]) expect(await values(text, size)).toEqual([{ a: 'ä🥊' }, { b: 2 }]);
  });

  it('counts a last line without its newline', async () => {
    expect(await values('{"a":1}\n{"error":"x"}')).toEqual([{ a: 1 }, { error: 'x' }]);
  });

  it.each(['{"a":1}\n{"b"', 'no json\n', '{"a":1}x\n'])('fails at %j', async (text) => {
    await expect(values(text)).rejects.toThrow(SyntaxError);
  });

  it('fails at a line that does not end', async () => {
    await expect(values(Buffer.alloc(3_000_000, ' '), 65_536)).rejects.toThrow('a line is longer than');
  });
});
