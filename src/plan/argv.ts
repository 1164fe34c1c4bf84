import { parseArgs } from 'node:util';
import { withoutCredentials } from '../credentials.ts';
import { InvalidRequestError, type RequestMistake } from '../errors.ts';
import { flagsOf, parserOptions } from './flags.ts';
import { nearest } from './nearest.ts';
import { flagOf, type ListKey, type RequestKey, requestKeys, variables } from './variables.ts';
import {
  type AskingVerb,
  type OwnFlagName,
  type PlanFormat,
  planFormats,
  shells,
  type Verb,
  verbNames,
  verbs,
} from './verbs.ts';

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
  | AskingLine;

/** One of the verbs that ask. */
export interface AskingLine {
  readonly verb: AskingVerb;
  readonly flags: FlagTexts;
  /** Of each flag that is no variable: its texts, `true` or `false` of one without a value. */
  readonly own: OwnTexts;
  /** What it is about. */
  readonly words: readonly string[];
  readonly command: CommandWords;
}

/** The words after `--`; `undefined` where there is no `--`. */
type CommandWords = readonly string[] | undefined;

/** The text of each flag that was given; of a list one text for each time. */
export type FlagTexts = { readonly [K in RequestKey]?: K extends ListKey ? readonly string[] : string };
export type OwnTexts = { readonly [K in OwnFlagName]?: readonly string[] };

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

interface Given {
  /** Texts by the names of flags. */
  readonly flags: Map<string, string[]>;
  readonly words: string[];
  readonly mistakes: RequestMistake[];
}

/** `--json` is everywhere; here it is one format of several. */
function formatOf({ as, json }: OwnTexts): PlanFormat | undefined {
  return json?.[0] === 'true' ? 'json' : planFormats.find((name) => name === as?.[0]);
}

/** Node's own parser: it neither turns `1.10` into a number nor takes a flag it does not know. */
function parseVerb(verb: Verb, argv: readonly string[]): CommandLine {
  const given: Given = { flags: new Map(), words: [], mistakes: [] };
  const { before, command, tokens } = tokensOf(verb, argv);
  if (before.includes('--help') || before.includes('-h')) return { verb: 'help' };
  for (const token of tokens) take(verb, token, given);
  if (!verbs[verb].command) for (const value of command ?? []) takeWord(verb, value, given);
  given.mistakes.push(...missing(verb, given, command), ...badChoices(verb, given));
  if (given.mistakes.length > 0)
    throw new InvalidRequestError(given.mistakes, { hint: 'offshoot --help lists the flags.' });

  const flags = flagTexts(given);
  const own = ownTexts(verb, given);
  if (verb === 'launch') return { verb, flags, command };
  if (verb === 'plan')
    return { verb, flags, command, as: formatOf(own), showValues: own['show-values']?.[0] === 'true' };
  return { verb, flags, own: own, words: given.words, command: verbs[verb].command ? command : undefined };
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** What is ours, and the command: what comes after `--`, and, where a verb takes it so, from its second word on. */
function tokensOf(verb: Verb, argv: readonly string[]): { before: string[]; command: CommandWords; tokens: Token[] } {
  const parse = (args: readonly string[]): Token[] =>
    parseArgs({ args: [...args], options: parserOptions(verb), strict: false, allowNegative: true, tokens: true })
      .tokens;
  const terminator = argv.indexOf('--');
  if (verbs[verb].command === 'bare') {
    const [, begin] = parse(argv).filter(({ kind }) => kind === 'positional');
    if (begin !== undefined && (terminator === -1 || begin.index < terminator)) {
      const before = argv.slice(0, begin.index);
      return { before, command: argv.slice(begin.index), tokens: parse(before) };
    }
  }
  const before = terminator === -1 ? [...argv] : argv.slice(0, terminator);
  return { before, command: terminator === -1 ? undefined : argv.slice(terminator + 1), tokens: parse(before) };
}

function take(verb: Verb, token: Token, given: Given): void {
  if (token.kind === 'option-terminator') return;
  if (token.kind === 'positional') return takeWord(verb, token.value, given);
  const isNegative = token.rawName.startsWith('--no-');
  const name = isNegative ? token.name.replace(/^no-/, '') : token.name;
  const earlier = given.flags.get(name) ?? [];
  const problem = problemOf(verb, { name, value: token.value, isNegative, isFirst: earlier.length === 0 });
  if (problem === undefined) given.flags.set(name, [...earlier, token.value ?? String(!isNegative)]);
  else given.mistakes.push({ name: token.rawName, problem });
}

function takeWord(verb: Verb, value: string, { flags, words, mistakes }: Given): void {
  const { word, command, keys } = verbs[verb];
  const isFlag = keys.includes('image');
  const most = word === 'CONTAINER…' ? Infinity : word === undefined ? 0 : 1;
  if (isFlag && !flags.has(flagOf(variables.image))) flags.set(flagOf(variables.image), [value]);
  else if (!isFlag && words.length < most) words.push(value);
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

function missing(verb: Verb, { words }: Given, given: CommandWords): RequestMistake[] {
  const { word, keys, command } = verbs[verb];
  if (word === undefined || keys.includes('image')) return [];
  const usage = `is missing; expected offshoot ${verb} ${word}${command ? ' COMMAND…' : ''}`;
  const isThere = words.length > 0 && words.every((text) => text !== '');
  return [
    ...(isThere ? [] : [{ name: word.replace('…', ''), problem: usage }]),
    ...(command && !given?.[0] ? [{ name: 'COMMAND', problem: usage }] : []),
  ];
}

function badChoices(verb: Verb, { flags, words }: Given): RequestMistake[] {
  const as = flags.get('as')?.[0];
  const shell = verbs[verb].word === 'SHELL' ? words[0] : undefined;
  const isBoth = as !== undefined && as !== 'json' && flags.get('json')?.[0] === 'true';
  return [
    ...(isBoth ? [{ name: '--json', problem: `contradicts --as=${as}; expected one of them` }] : []),
    ...badChoice('--as', as, planFormats),
    ...badChoice('SHELL', shell || undefined, shells),
  ];
}

function badChoice(name: string, value: string | undefined, accepted: readonly string[]): RequestMistake[] {
  if (value === undefined || accepted.includes(value)) return [];
  return [{ name, problem: `"${value}": expected one of: ${accepted.join(', ')}` }];
}

interface GivenFlag {
  readonly name: string;
  readonly value: string | undefined;
  readonly isNegative: boolean;
  readonly isFirst: boolean;
}

function problemOf(verb: Verb, { name, value, isNegative, isFirst }: GivenFlag): string | undefined {
  const known = flagsOf(verb);
  const flag = known.get(name);
  if (flag === undefined) {
    const near = nearest(name, [...known.keys()]);
    return `is no flag of offshoot ${verb}${near === undefined ? '' : `; did you mean --${near}?`}`;
  }
  if (!isFirst && !flag.list) return 'is given twice';
  const takesValue = flag.placeholder !== undefined;
  if (takesValue && (value === undefined || isNegative)) return `needs a value: --${name}=…`;
  if (!takesValue && value !== undefined) return `takes no value; --no-${name} turns it off`;
  return undefined;
}

function flagTexts({ flags }: Given): FlagTexts {
  const texts = requestKeys.flatMap((key) => {
    const [first, ...more] = flags.get(flagOf(variables[key])) ?? [];
    if (first === undefined) return [];
    return [[key, variables[key].list === undefined ? first : [first, ...more]]];
  });
  return Object.fromEntries(texts) as FlagTexts;
}

function ownTexts(verb: Verb, { flags }: Given): OwnTexts {
  return Object.fromEntries(
    verbs[verb].ownFlags.flatMap((name) => {
      const texts = flags.get(name);
      return texts === undefined ? [] : [[name, texts]];
    }),
  );
}
