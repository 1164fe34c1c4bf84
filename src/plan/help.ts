import { engineVariables, flagOf, otherVariables, requestKeys, variables } from './variables.ts';

/** The text of `offshoot --help`, made from the tables that the parser uses. */
export function helpText(version: string): string {
  const flags = requestKeys.map((key) => {
    const { placeholder, meaning, default: fallback } = variables[key];
    const flag = `--${flagOf(variables[key])}${placeholder === undefined ? '' : ` ${placeholder}`}`;
    return row(flag, `${meaning} (${fallback})`);
  });
  const others = [...otherVariables, ...engineVariables].map(({ name, meaning }) => row(name, meaning));
  return `offshoot ${version}: starts siblings of the container it runs in

usage:
  offshoot [-- COMMAND…]                        what an image's entrypoint does: launch when OFFSHOOT_IMAGE is set,
                                                else become COMMAND
  offshoot launch IMAGE [flags] [-- COMMAND…]   launch a sibling: docker run, as my sibling
  offshoot plan IMAGE [flags] [-- COMMAND…]     say what would be done, do nothing
  offshoot self                                 which container is this, with the evidence
  offshoot --help, --version

flags of launch and plan; each is also a variable (--dry-run: OFFSHOOT_DRY_RUN), and NAME_FILE names a file with its value:
${flags.join('\n')}

variables without a flag:
${others.join('\n')}
`;
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(24)} ${right}`;
}
