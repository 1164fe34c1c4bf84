import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { helpText } from '../../../src/plan/help.ts';
import { engineVariables } from '../../../src/plan/engine-variables.ts';
import { flagOf, otherVariables, requestKeys, variables } from '../../../src/plan/variables.ts';
import { ownFlags, verbNames, verbs } from '../../../src/plan/verbs.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const section = /<!-- variables: [^\n]*-->\n\n(?<table>[^]*?)\n\n<!-- \/variables -->/.exec(readme)?.groups?.['table'];

const rows = [
  ...requestKeys.map((key) => {
    const { name, default: fallback, meaning, list } = variables[key];
    return [name, fallback, list ? `${meaning} (list)` : meaning];
  }),
  ...otherVariables.map(({ name, meaning }) => [name, '–', meaning]),
  ...engineVariables.map(({ name, meaning }) => [name, "engine's", meaning]),
];

it('the README has the table of variables, row by row', () => {
  const lines = [
    ['variable', 'default', 'meaning'],
    ['---', '---', '---'],
    ...rows.map(([name, ...rest]) => [`\`${name}\``, ...rest]),
  ];
  expect(
    section?.split('\n').map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
  ).toEqual(lines.map((cells) => cells.map((cell) => (cell === '---' ? expect.stringMatching(/^-+$/) : cell))));
});

function rowOf(help: string, left: string): string | undefined {
  return help
    .split('\n')
    .find((line) => line.startsWith(`  ${left} `))
    ?.slice(`  ${left} `.length)
    .trim();
}

describe('--help', () => {
  const help = helpText('0.0.0');

  it.each(requestKeys)('tells of %s what the table says', (key) => {
    const { meaning, default: fallback, placeholder, list } = variables[key];
    const flag = `--${flagOf(variables[key])}${placeholder === undefined ? '' : ` ${placeholder}`}`;
    expect(rowOf(help, flag)).toBe(`${meaning} (${fallback}${list ? '; may be repeated' : ''})`);
  });

  it.each([...otherVariables, ...engineVariables])('tells of $name', ({ name, meaning }) => {
    expect(rowOf(help, name)).toBe(meaning);
  });

  it('has no flag that the table lacks', () => {
    const flags = [...help.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag);
    expect(flags).toEqual([...requestKeys.map((key) => flagOf(variables[key])), ...Object.keys(ownFlags)]);
  });

  it.each(verbNames)('tells of %s, and of the flags that it alone has', (verb) => {
    const { meaning, word, ownFlags: own } = verbs[verb];
    const line = help.split('\n').find((text) => text.startsWith(`  offshoot ${verb} ${word ?? ''}`));
    expect(line?.endsWith(` ${meaning}`)).toBe(true);
    for (const name of own) expect(help).toMatch(new RegExp(`^  --${name} .*\\b${verb}\\b.*: `, 'm'));
  });
});

it('the README names every exit status that an error has', async () => {
  const files = ['errors.ts', 'errors/base.ts', 'errors/runtime.ts'];
  const errors = files.map((file) => readFileSync(new URL(`../../../src/${file}`, import.meta.url), 'utf8')).join('\n');
  const statuses = [...errors.matchAll(/exitStatus(?:: number)? = (\d+)/g)].map(([, status]) => status ?? '');
  expect(statuses.length).toBeGreaterThan(8);
  for (const status of statuses) expect(readme).toMatch(new RegExp(`^\\|.*\\b${status}\\b.*\\|`, 'm'));
});

describe('docs/command-line.md', () => {
  const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
  const table = page.split('<!-- verbs:')[1]?.split('<!-- /verbs -->')[0] ?? '';

  it.each(verbNames)('tells of %s, with its own flags', (verb) => {
    const row = table.split('\n').find((line) => new RegExp(`^\\| \`${verb}[ \`]`).test(line));
    expect(row).toContain(` ${verbs[verb].meaning} `);
    for (const name of verbs[verb].ownFlags.filter((one) => one !== 'json')) expect(row).toContain(`\`--${name}`);
  });

  it('knows no verb that is not there', () => {
    const told = table.split('\n').flatMap((line) => /^\| `([a-z]+)/.exec(line)?.[1] ?? []);
    expect(told).toEqual([...verbNames]);
  });
});
