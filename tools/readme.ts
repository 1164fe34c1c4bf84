// node tools/readme.ts: writes the tables of the README and of docs/; tests assert that they are there.
import { readFileSync, writeFileSync } from 'node:fs';
import { engineVariables } from '../src/plan/engine-variables.ts';
import { flagsOf } from '../src/plan/flags.ts';
import { verbNames, verbs } from '../src/plan/verbs.ts';
import { otherVariables, requestKeys, variables } from '../src/plan/variables.ts';
import { fields } from '../src/runtime/fields.ts';
import { apiTable } from './api-calls.ts';
import { root } from './bundle/package.ts';

/** Said once, below the table. */
const everywhere = ['runtime', 'namespace', 'host', 'self', 'log', 'log-level', 'json'];

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

writeTable('docs/command-line.md', 'verbs', [
  ['verb', 'what it does', 'flags'],
  ...verbNames.map((name) => {
    const { word, command, meaning } = verbs[name];
    const usage = [name, word, command === 'bare' ? 'COMMAND…' : command && '[-- COMMAND…]'].filter(Boolean);
    return [`\`${usage.join(' ')}\``, meaning, flagsIn(name)];
  }),
]);

writeTable('docs/library.md', 'calls', apiTable());

function flagsIn(name: (typeof verbNames)[number]): string {
  if (verbs[name].keys === requestKeys)
    return ['those of all variables', ...verbs[name].ownFlags.map((flag) => `\`--${flag}\``)].join(', ');
  return [...flagsOf(name)]
    .filter(([flag]) => !everywhere.includes(flag))
    .map(
      ([flag, { short, placeholder = '' }]) =>
        `\`--${flag} ${placeholder}`.trim() + `\`${short ? ` \`-${short}\`` : ''}`,
    )
    .join(', ');
}

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
