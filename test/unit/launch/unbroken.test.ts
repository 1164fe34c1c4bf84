import { expect, it } from 'vitest';
import { EngineRefusedError, EngineUnavailableError } from '../../../src/errors.ts';
import { unbroken } from '../../../src/launch/unbroken.ts';
import type { OutputChunk } from '../../../src/runtime/runtime.ts';

type Said = readonly (readonly [stream: 'stdout' | 'stderr', text: string])[];

const broken = new EngineUnavailableError('the connection broke');

/** Says it in chunks of so many bytes, and then ends, or breaks after so many chunks. */
async function* saying(
  said: Said,
  size: number,
  { chunks = Infinity, fails = false } = {},
): AsyncGenerator<OutputChunk> {
  let left = chunks;
  for (const [stream, text] of said)
    for (let at = 0; at < text.length; at += size) {
      if (left-- <= 0) {
        if (fails) throw broken;
        return;
      }
      yield { stream, data: Buffer.from(text.slice(at, at + size)) };
    }
}

async function textOf(chunks: AsyncIterable<OutputChunk>): Promise<Record<string, string>> {
  const all = { stdout: '', stderr: '' };
  for await (const { stream, data } of chunks) all[stream] += Buffer.from(data).toString();
  return all;
}

const said: Said = [
  ['stdout', 'one two three '],
  ['stderr', 'four five'],
  ['stdout', 'six'],
];
const whole = { stdout: 'one two three six', stderr: 'four five' };

it.each([0, 1, 2, 3, 4, 5, 6])('goes on where the connection broke off: after %i chunks', async (chunks) => {
  const breaks: Error[] = [];
  const sources = [
    saying(said, 4, { chunks, fails: true }),
    // The end of a connection can look like the end of the output.
    saying(said, 3, { chunks: chunks + 2 }),
    saying(said, 5),
  ];
  const next = (): AsyncGenerator<OutputChunk> => sources.shift() ?? saying(said, 100);
  const output = unbroken({
    first: next(),
    again: async () => next(),
    hasEnded: async () => sources.length === 0,
    onBreak: (error) => breaks.push(error),
    onLoss: () => {},
  });
  expect(await textOf(output)).toEqual(whole);
  expect(breaks).toEqual([broken]);
});

it('is read once where it ends as it should', async () => {
  const output = unbroken({
    first: saying(said, 4),
    again: () => Promise.reject(new Error('asked again')),
    hasEnded: async () => true,
    onBreak: () => {},
    onLoss: () => {},
  });
  expect(await textOf(output)).toEqual(whole);
});

it('gives up where nothing new comes and nobody knows the end', async () => {
  let asked = 0;
  const again = async (): Promise<AsyncGenerator<OutputChunk>> => {
    asked += 1;
    return saying(said, 4);
  };
  const output = unbroken({
    first: saying(said, 4),
    again,
    hasEnded: async () => false,
    onBreak: () => {},
    onLoss: () => {},
  });
  expect(await textOf(output)).toEqual(whole);
  expect(asked).toBeLessThanOrEqual(6);
});

it('tells where the engine has no log to go on with', async () => {
  const losses: unknown[] = [];
  const refused = new EngineRefusedError('the logging driver does not support reading');
  const output = unbroken({
    first: saying(said, 4, { chunks: 2, fails: true }),
    again: () => Promise.reject(refused),
    hasEnded: async () => false,
    onBreak: () => {},
    onLoss: (error) => losses.push(error),
  });
  expect(await textOf(output)).toEqual({ stdout: 'one two ', stderr: '' });
  expect(losses).toEqual([refused]);
});
