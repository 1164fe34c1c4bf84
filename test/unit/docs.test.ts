import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiTable } from '../../tools/api-calls.ts';

const library = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8');
const [head = [], ...rows] = apiTable();

it('docs/library.md has every call of the library', () => {
  const table = /<!-- calls: [^\n]*-->\n\n([^]*?)\n\n<!-- \/calls -->/.exec(library)?.[1]?.split('\n') ?? [];
  const cells = table.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(cells.toSpliced(1, 1)).toEqual([head, ...rows]);
});

it.each(rows)('%s gives %s: says what it does', (_call, _gives, text) => {
  expect(text).not.toBe('');
});
