import { expect, it } from 'vitest';
import { wholeLog } from '../../../src/runtime/docker/containers/whole-log.ts';
import type { OutputChunk } from '../../../src/runtime/runtime.ts';

async function* output(...chunks: readonly string[]): AsyncGenerator<OutputChunk> {
  for (const text of chunks)
    yield { stream: text === text.toUpperCase() ? 'stderr' : 'stdout', data: Buffer.from(text) };
}

async function told(first: readonly string[], second: readonly string[] | undefined): Promise<string> {
  let all = '';
  const again = async (): Promise<AsyncIterable<OutputChunk> | undefined> => second && output(...second);
  for await (const { data } of wholeLog(output(...first), again)) all += Buffer.from(data).toString();
  return all;
}

it.each<[what: string, first: string[], second: string[] | undefined, all: string]>([
  ['there is nothing', [], [], ''],
  ['all was told', ['a', 'b'], ['ab'], 'ab'],
  ['the end is missing', ['a', 'b'], ['abc', 'd'], 'abcd'],
  ['all is missing', [], ['abc', 'XY'], 'abcXY'],
  ['the end of one stream is missing', ['a', 'X', 'b'], ['abc', 'X', 'Y'], 'aXbcY'],
  ['it cannot be read again', ['a'], undefined, 'a'],
  ['it was shortened meanwhile', ['a', 'b', 'c'], ['bcde'], 'abc'],
  ['it is shorter than what was told', ['a', 'b', 'c'], ['bc'], 'abc'],
  ['it was told in another order', ['b', 'a'], ['abc'], 'ba'],
])('a followed log, where %s', async (_, first, second, all) => {
  expect(await told(first, second)).toBe(all);
});
