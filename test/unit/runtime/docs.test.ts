import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fields } from '../../../src/runtime/fields.ts';

it('docs/clone.md has the table of fields, row by row', () => {
  const text = readFileSync(new URL('../../../docs/clone.md', import.meta.url), 'utf8');
  const table = /<!-- fields: [^\n]*-->\n\n(?<table>[^]*?)\n\n<!-- \/fields -->/.exec(text)?.groups?.['table'] ?? '';
  const rows = table.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(rows.slice(2)).toEqual(
    Object.entries(fields).map(([name, field]) => [
      `\`${name}\``,
      field.rule,
      ('group' in field && field.group) || '–',
      'reason' in field ? field.reason : '–',
    ]),
  );
});
