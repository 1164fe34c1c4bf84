import { parseArgs } from 'node:util';
import { InvalidRequestError, type RequestMistake } from '../errors.ts';
import { nearest } from './nearest.ts';
import { flagOf, type RequestKey, requestKeys, variables } from './variables.ts';

/** What the words of a command line ask for, before any value is looked at. */
export type CommandLine =
  | { readonly verb: 'help' | 'version' }
  /** Do what the image's entrypoint does; `words` are the image's own entrypoint and command. */
  | { readonly verb: 'entrypoint'; readonly words: readonly string[] }
  | {
      readonly verb: 'launch' | 'plan' | 'self';
      readonly flags: FlagTexts;
      /** The words after `--`; `undefined` where there is no `--`. */
      readonly command: readonly string[] | undefined;
    };

/** The text of each flag that was given. */
export type FlagTexts = { readonly [K in RequestKey]?: string };

export const verbs = ['launch', 'plan', 'self'] as const;
type Verb = (typeof verbs)[number];

/** Everything that `offshoot` can be called with. Words that are no verb of ours are the image's own entrypoint. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [first, ...rest] = argv;
  if (first === '--help' || first === '-h' || first === 'help') return { verb: 'help' };
  if (first === '--version' || first === '-V') return { verb: 'version' };
  if (first === '--') return { verb: 'entrypoint', words: rest };
  if (isVerb(first)) return parseVerb(first, rest);
  if (first?.startsWith('-')) {
    throw mistake(first, `is not known here; expected ${verbs.join(', ')}, --help or --version, or a command after --`);
  }
  return { verb: 'entrypoint', words: argv };
}

function isVerb(word: string | undefined): word is Verb {
  return verbs.some((verb) => verb === word);
}

/** Node's own parser: it neither turns `1.10` into a number nor takes a flag it does not know. */
function parseVerb(verb: Verb, argv: readonly string[]): CommandLine {
  const terminator = argv.indexOf('--');
  const own = terminator === -1 ? argv : argv.slice(0, terminator);
  const command = terminator === -1 ? undefined : argv.slice(terminator + 1);
  if (own.includes('--help') || own.includes('-h')) return { verb: 'help' };

  const mistakes: RequestMistake[] = [];
  const flags: Partial<Record<RequestKey, string>> = {};
  const { tokens } = parseArgs({ args: [...own], options, strict: false, allowNegative: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    const [name, key, text] =
      token.kind === 'positional'
        ? (['IMAGE', 'image', token.value] as const)
        : ([token.rawName, keyOfFlag.get(token.name.replace(/^no-/, '')), token.value] as const);
    const problem = problemOf(verb, token, key, flags);
    if (problem !== undefined) mistakes.push({ name: token.kind === 'positional' ? token.value : name, problem });
    else if (key !== undefined) flags[key] = text ?? String(!isNegative(token));
  }
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes, { hint: 'offshoot --help lists the flags.' });
  return { verb, flags, command };
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

function problemOf(verb: Verb, token: Token, key: RequestKey | undefined, seen: FlagTexts): string | undefined {
  if (token.kind === 'option-terminator') return undefined;
  if (token.kind === 'positional') {
    if (verb === 'self') return 'is one word too many';
    return seen.image === undefined ? undefined : 'is one word too many: the command goes after --';
  }
  if (key === undefined) {
    const near = nearest(token.name, [...keyOfFlag.keys()]);
    return `is no flag of offshoot ${verb}${near === undefined ? '' : `; did you mean --${near}?`}`;
  }
  if (seen[key] !== undefined) return 'is given twice';
  const takesValue = variables[key].placeholder !== undefined;
  if (takesValue && (token.value === undefined || isNegative(token)))
    return `needs a value: --${flagOf(variables[key])}=…`;
  if (!takesValue && token.value !== undefined) return `takes no value; --no-${flagOf(variables[key])} turns it off`;
  return undefined;
}

function isNegative(token: Token): boolean {
  return token.kind === 'option' && token.rawName.startsWith('--no-');
}

function mistake(name: string, problem: string): InvalidRequestError {
  return new InvalidRequestError([{ name, problem }], { hint: 'offshoot --help lists what there is.' });
}

const keyOfFlag = new Map(requestKeys.map((key) => [flagOf(variables[key]), key]));
const options = Object.fromEntries(
  requestKeys.map((key) => [
    flagOf(variables[key]),
    { type: variables[key].placeholder === undefined ? ('boolean' as const) : ('string' as const) },
  ]),
);
