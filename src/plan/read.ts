import type { RequestMistake } from '../errors.ts';
import type { Compat } from './compat.ts';
import type { PlanInput } from './input.ts';
import { withoutCredentials } from '../credentials.ts';
import { flagOf, type RequestKey, type RequestValues, type Variable, variables } from './variables.ts';

/** A mistake that is about one of the values. */
export interface KeyedMistake extends RequestMistake {
  readonly key?: RequestKey;
}

export interface Reading {
  readonly input: Omit<PlanInput, 'now'>;
  readonly compat: Compat;
  readonly values: Partial<RequestValues>;
  readonly mistakes: KeyedMistake[];
}

/** Reads one value: its flag wins over its variable, that over the file that its `…_FILE` names. */
export function readValue<K extends RequestKey>(key: K, reading: Reading): void {
  const { compat, values, mistakes } = reading;
  const table: { readonly [Key in RequestKey]: Variable<RequestValues[Key]> } = variables;
  const variable: Variable<RequestValues[K]> = table[key];
  const found = textOf(key, reading);
  if (found === undefined) return;
  const blame = (problem: string): number => mistakes.push({ key, name: found.name, problem });

  const given = itemsOf(found.text, variable);
  if (given instanceof Error) {
    blame(`${variable.secret ? 'its value' : quoted(String(found.text), variable)}: ${given.message}`);
    return;
  }
  const schema = found.fromStand ? (compat.stands[key]?.schema ?? variable.schema) : variable.schema;
  const result = schema.safeParse(given);
  if (result.success) values[key] = result.data;
  else for (const { path, message } of result.error.issues) blame(`${shown(given, path[0], variable)}${message}`);
}

type FlagText = string | readonly string[];

/** The text of a variable is split; the occurrences of a flag are items as they are. */
function itemsOf(text: FlagText, { list }: Variable<unknown>): FlagText | Error {
  if (list === undefined || typeof text !== 'string') return text;
  try {
    return list(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What a message begins with: the value, of a list the bad item alone. */
function shown(given: FlagText, index: PropertyKey | undefined, variable: Variable<unknown>): string {
  const { secret } = variable;
  if (typeof given === 'string') return secret ? 'its value: ' : `${quoted(given, variable)}: `;
  if (typeof index !== 'number') return '';
  return secret ? `item ${index + 1}: ` : `${quoted(given[index] ?? '', variable)}: `;
}

const longest = 300;

/** A user and a password before a host are not repeated, whatever they are given with. */
function quoted(text: string, { shown: part = (all) => all }: Variable<unknown>): string {
  const shownText = withoutCredentials(JSON.stringify(part(text)));
  return shownText.length > longest ? `${shownText.slice(0, longest)}…"` : shownText;
}

interface FoundText {
  readonly name: string;
  readonly text: FlagText;
  readonly fromStand?: boolean;
}

function textOf(key: RequestKey, { input, compat, mistakes }: Reading): FoundText | undefined {
  const { env, flags, readFile } = input;
  const { name } = variables[key];
  const flag = flags?.[key];
  if (flag !== undefined) return { name: `--${flagOf(variables[key])}`, text: flag };

  const stand = compat.stands[key];
  const standText = stand && env[stand.name];
  if (stand && standText) return { name: stand.name, text: standText, fromStand: true };

  const text = env[name];
  const file = env[`${name}_FILE`];
  if (text && file) mistakes.push({ name: `${name}_FILE`, problem: `${name} is set as well; expected one of the two` });
  if (text) return { name, text };
  if (file) {
    try {
      return { name: `${name}_FILE`, text: readFile(file).replace(/\r?\n$/, '') };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      mistakes.push({ key, name: `${name}_FILE`, problem: `${JSON.stringify(file)} cannot be read: ${reason}` });
    }
  }
  return stand?.whenUnset === undefined ? undefined : { name: stand.name, text: stand.whenUnset, fromStand: true };
}
