// node tools/readme.ts: writes the tables of README.md and docs/clone.md; tests assert that they are there.
import { readFileSync, writeFileSync } from 'node:fs';
import { engineVariables } from '../src/plan/engine-variables.ts';
import { otherVariables, requestKeys, variables } from '../src/plan/variables.ts';
import { fields } from '../src/runtime/fields.ts';
import { root } from './bundle/package.ts';

writeTable('README.md', 'variables', [
  ['variable', 'default', 'meaning'],
  ...requestKeys.map((key) => {
    const { name, default: fallback, meaning, list } = variables[key];
    return [`\`${name}\``, fallback, `${meaning}${list === undefined ? '' : ' (list)'}`];
  }),
  ...otherVariables.map(({ name, meaning }) => [`\`${name}\``, '–', meaning]),
  ...engineVariables.map(({ name, meaning }) => [`\`${name}\``, "engine's", meaning]),
]);

writeTable('docs/clone.md', 'fields', [
  ['field', 'rule', 'group', 'reason'],
  ...Object.entries(fields).map(([name, field]) => [
    `\`${name}\``,
    field.rule,
    ('group' in field && field.group) || '–',
    'reason' in field ? field.reason : '–',
  ]),
]);

/** Between `<!-- NAME: … -->` and `<!-- /NAME -->`. */
function writeTable(file: string, name: string, [head = [], ...rows]: string[][]): void {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const place = new RegExp(`(?<=<!-- ${name}: [^\\n]*-->\\n)[^]*?(?=<!-- /${name} -->)`);
  const path = `${root}/${file}`;
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(place, () => `\n${lines.join('\n')}\n\n`),
  );
}
