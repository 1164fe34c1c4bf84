import { flagOf, requestKeys, variables } from './variables.ts';
import { ownFlags, type OwnFlagName, type Verb, verbs } from './verbs.ts';

/** What a parser has to know of a flag. */
export interface Flag {
  /** What its value is called; a flag without one takes none. */
  readonly placeholder: string | undefined;
  readonly meaning: string;
  readonly list: boolean;
  readonly short: string | undefined;
}

/** By their names: those that a verb takes. */
export function flagsOf(verb: Verb): ReadonlyMap<string, Flag> {
  const { keys, ownFlags: names } = verbs[verb];
  return new Map([
    ...keys.map((key) => [flagOf(variables[key]), ofVariable(key)] as const),
    ...names.map((name) => [name, ofOwn(name)] as const),
  ]);
}

function ofVariable(key: (typeof requestKeys)[number]): Flag {
  const { placeholder, meaning, list } = variables[key];
  return { placeholder, meaning, list: list !== undefined, short: undefined };
}

function ofOwn(name: OwnFlagName): Flag {
  const { placeholder, meaning, list, short } = ownFlags[name];
  return { placeholder, meaning, list: list === true, short };
}

/** The flags of all verbs: one of another verb is refused, but its value must not be taken for a word. */
const all: ReadonlyMap<string, Flag> = new Map([
  ...(Object.keys(ownFlags) as OwnFlagName[]).map((name) => [name, ofOwn(name)] as const),
  ...requestKeys.map((key) => [flagOf(variables[key]), ofVariable(key)] as const),
]);

type ParserOption = { readonly type: 'string' | 'boolean'; readonly short?: string };

/** For Node's `parseArgs`. The letters are those of this verb. */
export function parserOptions(verb: Verb): Record<string, ParserOption> {
  const own = flagsOf(verb);
  return Object.fromEntries(
    [...all].map(([name, { placeholder }]) => {
      const short = own.get(name)?.short;
      const type = placeholder === undefined ? 'boolean' : 'string';
      return [name, { type, ...(short !== undefined && { short }) }];
    }),
  );
}
