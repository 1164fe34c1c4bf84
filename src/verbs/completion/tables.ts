import { type Flag, flagsOf } from '../../plan/flags.ts';
import { flagOf, type RequestKey, variables } from '../../plan/variables.ts';
import { ownFlags, type OwnFlagName, shells, type Verb, verbNames, verbs, type Word } from '../../plan/verbs.ts';

/** What a variable's flag can be, where that is a few words. */
export const choices: Readonly<Partial<Record<RequestKey, readonly string[]>>> = {
  whenElse: ['abort', 'launch'],
  runtime: ['auto', 'docker', 'podman', 'nerdctl', 'containerd'],
  host: ['auto', 'always', 'never'],
  pull: ['missing', 'always', 'never'],
  log: ['auto', 'text', 'json'],
  logLevel: ['debug', 'info', 'warn', 'error'],
};

const byFlag: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(choices).map(([key, values]) => [flagOf(variables[key as RequestKey]), values] as const),
  ...Object.entries(ownFlags).flatMap(([name, { values }]) => (values === undefined ? [] : [[name, values] as const])),
]);

export interface CompletedFlag extends Flag {
  readonly name: string;
  /** All that it can be, where that is known. */
  readonly values: readonly string[];
  readonly isPath: boolean;
}

export interface CompletedVerb {
  readonly name: Verb;
  readonly meaning: string;
  readonly flags: readonly CompletedFlag[];
  /** What its words are. */
  readonly words: 'containers' | 'paths' | readonly string[];
}

/** What all shells are told, each in its own words. */
export const completed: readonly CompletedVerb[] = verbNames.map((name) => ({
  name,
  meaning: verbs[name].meaning,
  words: wordsOf(verbs[name].word),
  flags: [...flagsOf(name)].map(([flag, told]) => ({
    ...told,
    name: flag,
    values: byFlag.get(flag) ?? [],
    isPath: told.placeholder === 'PATH' && (flag as OwnFlagName) !== 'workdir',
  })),
}));

function wordsOf(word: Word | undefined): CompletedVerb['words'] {
  if (word === 'CONTAINER' || word === 'CONTAINER…') return 'containers';
  if (word === 'PATH') return 'paths';
  return word === 'SHELL' ? shells : [];
}

/** A command whose lines are the names of all containers; it says nothing where no engine answers. */
export const containerNames: string = [
  'offshoot ps --all --json 2>/dev/null',
  `tr '{,' '\\n\\n'`,
  `sed -n 's/^"name":"\\(.*\\)"$/\\1/p'`,
].join(' | ');

export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
