import { parseArgs } from 'node:util';
import { withoutCredentials } from '../credentials.ts';
import { InvalidRequestError, type RequestMistake } from '../errors.ts';
import { nearest } from './nearest.ts';
import { flagOf, type ListKey, type RequestKey, requestKeys, variables } from './variables.ts';
import { type OwnFlagName, ownFlags, type PlanFormat, planFormats, type Verb, verbNames, verbs } from './verbs.ts';

/** What the words of a command line ask for, before any value is looked at. */
export type CommandLine =
  | { readonly verb: 'help' | 'version' }
  /** Do what the image's entrypoint does; `words` are the image's own entrypoint and command. */
  | { readonly verb: 'entrypoint'; readonly words: readonly string[] }
  | { readonly verb: 'launch'; readonly flags: FlagTexts; readonly command: CommandWords }
  | {
      readonly verb: 'plan';
      readonly flags: FlagTexts;
      readonly command: CommandWords;
      readonly as: PlanFormat | undefined;
      readonly showValues: boolean;
    }
  | { readonly verb: 'self'; readonly flags: FlagTexts }
  | { readonly verb: 'path'; readonly flags: FlagTexts; readonly path: string; readonly json: boolean }
  | {
      readonly verb: 'sweep';
      readonly flags: FlagTexts;
      readonly olderThan: string | undefined;
      readonly json: boolean;
    };

/** The words after `--`; `undefined` where there is no `--`. */
type CommandWords = readonly string[] | undefined;

/** The text of each flag that was given; of a list one text for each time. */
export type FlagTexts = { readonly [K in RequestKey]?: K extends ListKey ? readonly string[] : string };

/** Everything that `offshoot` can be called with. Words that are no verb of ours are the image's own entrypoint. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [first, ...rest] = argv;
  if (first === '--help' || first === '-h' || first === 'help') return { verb: 'help' };
  if (first === '--version' || first === '-V') return { verb: 'version' };
  if (first === '--') return { verb: 'entrypoint', words: rest };
  const verb = verbNames.find((name) => name === first);
  if (verb !== undefined) return parseVerb(verb, rest);
  if (first?.startsWith('-')) {
    const problem = `is not known here; expected ${verbNames.join(', ')}, --help or --version, or a command after --`;
    throw new InvalidRequestError([{ name: first, problem }], { hint: 'offshoot --help lists what there is.' });
  }
  return { verb: 'entrypoint', words: argv };
}

/** Node's own parser: it neither turns `1.10` into a number nor takes a flag it does not know. */
function parseVerb(verb: Verb, argv: readonly string[]): CommandLine {
  const terminator = argv.indexOf('--');
  const own = terminator === -1 ? argv : argv.slice(0, terminator);
  const rest = terminator === -1 ? undefined : argv.slice(terminator + 1);
  if (own.includes('--help') || own.includes('-h')) return { verb: 'help' };

  const given: Given = new Map();
  const mistakes: RequestMistake[] = [];
  const { tokens } = parseArgs({ args: [...own], options, strict: false, allowNegative: true, tokens: true });
  for (const token of tokens) take(verb, token, given, mistakes);
  const { command, word } = verbs[verb];
  if (!command) for (const value of rest ?? []) takeWord(verb, value, given, mistakes);
  if (word === 'PATH' && !given.get(word)?.[0])
    mistakes.push({ name: word, problem: 'is missing; expected offshoot path PATH' });
  const as = given.get('as')?.[0];
  const format = planFormats.find((name) => name === as);
  if (as !== undefined && format === undefined)
    mistakes.push({ name: '--as', problem: `"${as}": expected one of: ${planFormats.join(', ')}` });
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes, { hint: 'offshoot --help lists the flags.' });

  const flags = flagTexts(given);
  switch (verb) {
    case 'launch':
      return { verb, flags, command: rest };
    case 'plan':
      return { verb, flags, command: rest, as: format, showValues: isOn(given, 'show-values') };
    case 'self':
      return { verb, flags };
    case 'path':
      return { verb, flags, path: given.get('PATH')?.[0] ?? '', json: isOn(given, 'json') };
    case 'sweep':
      return { verb, flags, olderThan: given.get('older-than')?.[0], json: isOn(given, 'json') };
    default:
      return verb satisfies never;
  }
}

/** Texts by the names of flags; `PATH` is the word that is no flag. */
type Given = Map<string, string[]>;
type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

function take(verb: Verb, token: Token, given: Given, mistakes: RequestMistake[]): void {
  if (token.kind === 'option-terminator') return;
  if (token.kind === 'positional') {
    takeWord(verb, token.value, given, mistakes);
    return;
  }
  const isNegative = token.rawName.startsWith('--no-');
  const name = isNegative ? token.name.replace(/^no-/, '') : token.name;
  const earlier = given.get(name) ?? [];
  const problem = problemOf(verb, { name, value: token.value, isNegative, isFirst: earlier.length === 0 });
  if (problem === undefined) given.set(name, [...earlier, token.value ?? String(!isNegative)]);
  else mistakes.push({ name: token.rawName, problem });
}

function takeWord(verb: Verb, value: string, given: Given, mistakes: RequestMistake[]): void {
  const { word, command } = verbs[verb];
  const name = word === 'IMAGE' ? flagOf(variables.image) : 'PATH';
  if (word !== undefined && !given.has(name)) given.set(name, [value]);
  else
    mistakes.push({
      name: shown(value),
      problem: `is one word too many${command ? ': the command goes after --' : ''}`,
    });
}

/** A word may be a secret's: what was to be given by `-e TOKEN=…`, or a password in an address. */
function shown(word: string): string {
  return withoutCredentials(word).replace(/=.*/s, '=…');
}

interface GivenFlag {
  readonly name: string;
  readonly value: string | undefined;
  readonly isNegative: boolean;
  readonly isFirst: boolean;
}

function problemOf(verb: Verb, { name, value, isNegative, isFirst }: GivenFlag): string | undefined {
  const { keys, ownFlags: ownNames } = verbs[verb];
  const known = [...keys.map((key) => flagOf(variables[key])), ...ownNames];
  const flag = known.includes(name) ? allFlags.get(name) : undefined;
  if (flag === undefined) {
    const near = nearest(name, known);
    return `is no flag of offshoot ${verb}${near === undefined ? '' : `; did you mean --${near}?`}`;
  }
  if (!isFirst && !flag.list) return 'is given twice';
  if (flag.takesValue && (value === undefined || isNegative)) return `needs a value: --${name}=…`;
  if (!flag.takesValue && value !== undefined) return `takes no value; --no-${name} turns it off`;
  return undefined;
}

function isOn(given: Given, name: OwnFlagName): boolean {
  return given.get(name)?.[0] === 'true';
}

function flagTexts(given: Given): FlagTexts {
  const texts = requestKeys.flatMap((key) => {
    const [first, ...more] = given.get(flagOf(variables[key])) ?? [];
    if (first === undefined) return [];
    return [[key, variables[key].list === undefined ? first : [first, ...more]]];
  });
  return Object.fromEntries(texts) as FlagTexts;
}

/** The flags of all verbs. One of another verb is refused, but its value must not be taken for a word. */
const allFlags: ReadonlyMap<string, { readonly takesValue: boolean; readonly list: boolean }> = new Map([
  ...requestKeys.map((key) => {
    const { placeholder, list } = variables[key];
    return [flagOf(variables[key]), { takesValue: placeholder !== undefined, list: list !== undefined }] as const;
  }),
  ...Object.entries(ownFlags).map(
    ([name, flag]) => [name, { takesValue: flag.placeholder !== undefined, list: false }] as const,
  ),
]);
const options = Object.fromEntries(
  [...allFlags].map(([name, { takesValue }]) => [
    name,
    { type: takesValue ? ('string' as const) : ('boolean' as const) },
  ]),
);
