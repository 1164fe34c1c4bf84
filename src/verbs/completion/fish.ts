import { completed, type CompletedFlag, type CompletedVerb, containerNames } from './tables.ts';

export function fish(): string {
  const lines = completed.flatMap((verb) => [
    `complete -c offshoot -n __fish_use_subcommand -a ${verb.name} -d ${word(verb.meaning)}`,
    ...verb.flags.map((flag) => `${lineFor(verb)} ${flagOf(flag)}`),
    ...wordsOf(verb),
  ]);
  return `# Completion of offshoot for fish: offshoot completion fish | source
complete -c offshoot -f
${lines.join('\n')}
`;
}

function lineFor({ name }: CompletedVerb): string {
  return `complete -c offshoot -n '__fish_seen_subcommand_from ${name}'`;
}

function flagOf({ name, short, placeholder, meaning, values, isPath }: CompletedFlag): string {
  return [
    `-l ${name}`,
    ...(short === undefined ? [] : [`-s ${short}`]),
    ...(placeholder === undefined ? [] : [isPath ? '-r -F' : '-x']),
    ...(values.length === 0 ? [] : [`-a ${word(values.join(' '))}`]),
    `-d ${word(meaning)}`,
  ].join(' ');
}

function wordsOf(verb: CompletedVerb): string[] {
  if (verb.words === 'paths') return [`${lineFor(verb)} -F`];
  if (verb.words === 'containers') return [`${lineFor(verb)} -a ${word(`(${containerNames})`)}`];
  return verb.words.length === 0 ? [] : [`${lineFor(verb)} -a ${word(verb.words.join(' '))}`];
}

/** Between quotes only the quote and the backslash mean something to fish. */
function word(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
