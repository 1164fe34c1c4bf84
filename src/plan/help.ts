import { engineVariables } from './engine-variables.ts';
import { flagOf, otherVariables, requestKeys, variables } from './variables.ts';
import { ownFlags, verbNames, verbs } from './verbs.ts';

/** The text of `offshoot --help`, made from the tables that the parser uses. */
export function helpText(version: string): string {
  const usages = verbNames.map((verb) => {
    const { word, command, meaning } = verbs[verb];
    const words = ['offshoot', verb, word, '[flags]', command === 'bare' ? 'COMMAND…' : command && '[-- COMMAND…]'];
    return `  ${words.filter(Boolean).join(' ').padEnd(45)} ${meaning}`;
  });
  const flags = requestKeys.map((key) => {
    const { placeholder, meaning, default: fallback, list } = variables[key];
    return row(
      flagText(flagOf(variables[key]), placeholder),
      `${meaning} (${fallback}${list === undefined ? '' : '; may be repeated'})`,
    );
  });
  const own = Object.entries(ownFlags).map(([name, { placeholder, short, list, meaning }]) => {
    const takers = verbNames.filter((verb) => verbs[verb].ownFlags.some((one) => one === name));
    const left = `${flagText(name, placeholder)}${short === undefined ? '' : ` (-${short})`}`;
    return row(left, `${takers.join(', ')}: ${meaning}${list ? ' (may be repeated)' : ''}`);
  });
  const others = [...otherVariables, ...engineVariables].map(({ name, meaning }) => row(name, meaning));
  const few = Object.entries(
    Object.groupBy(
      verbNames.filter((verb) => verbs[verb].keys !== requestKeys),
      (verb) => verbs[verb].keys.map((key) => `--${flagOf(variables[key])}`).join(', '),
    ),
  ).map(([keys, names = []]) => `${names.join(', ')}: of them only ${keys}`);
  return `offshoot ${version}: starts siblings of the container it runs in

usage:
  offshoot [-- COMMAND…]                        what an image's entrypoint does: launch when OFFSHOOT_IMAGE is set,
                                                else become COMMAND
${usages.join('\n')}
  offshoot --help, --version

flags of launch and plan; each is also a variable (--dry-run: OFFSHOOT_DRY_RUN), and NAME_FILE names a file with its value:
${flags.join('\n')}

the variable of a flag that may be repeated is a list: shell words, or a JSON array of strings
${few.join('\n')}

flags that are no variables:
${own.join('\n')}

variables without a flag:
${others.join('\n')}
`;
}

function flagText(name: string, placeholder: string | undefined): string {
  return `--${name}${placeholder === undefined ? '' : ` ${placeholder}`}`;
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(24)} ${right}`;
}
