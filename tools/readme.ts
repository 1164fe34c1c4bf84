// node tools/readme.ts: writes the table of variables into README.md; a test asserts that it is there.
import { readFileSync, writeFileSync } from 'node:fs';
import { engineVariables, otherVariables, requestKeys, variables } from '../src/plan/variables.ts';
import { root } from './bundle/package.ts';

const rows = [
  ['variable', 'default', 'meaning'],
  ['---', '---', '---'],
  ...requestKeys.map((key) => {
    const { name, default: fallback, meaning, list } = variables[key];
    return [`\`${name}\``, fallback, `${meaning}${list === undefined ? '' : ' (list)'}`];
  }),
  ...otherVariables.map(({ name, meaning }) => [`\`${name}\``, '–', meaning]),
  ...engineVariables.map(({ name, meaning }) => [`\`${name}\``, "engine's", meaning]),
];
const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const path = `${root}/README.md`;
const place = /(?<=<!-- variables: [^\n]*-->\n)[^]*?(?=<!-- \/variables -->)/;
writeFileSync(
  path,
  readFileSync(path, 'utf8').replace(place, () => `\n${table}\n\n`),
);
