import { InvalidRequestError, type RequestMistake } from '../errors.ts';
import type { FlagTexts } from './argv.ts';
import { type Compat, compatOf } from './compat.ts';
import { nearest } from './nearest.ts';
import {
  flagOf,
  type Inheritance,
  otherVariables,
  type PullPolicy,
  type RequestKey,
  requestKeys,
  type RequestValues,
  type RuntimePreference,
  type Variable,
  variables,
} from './variables.ts';

/** Environment variables by name; an empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface PlanInput {
  readonly env: Environment;
  readonly flags?: FlagTexts;
  /** The words after `--`, where there was one. */
  readonly command?: readonly string[] | undefined;
  readonly now: Date;
  /** Reads the file that a `…_FILE` variable names. */
  readFile(path: string): string;
}

/** The checked request, before anything is asked of an engine. */
export interface Plan {
  /** Reference, digest, id, or `self`. */
  readonly image: string;
  readonly command: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  /** Milliseconds from the launch on, or a time of the wall clock. */
  readonly start: { readonly afterMs: number } | { readonly at: Date };
  readonly runtime: RuntimePreference;
  readonly pull: PullPolicy;
  readonly pullTimeoutMs: number;
  readonly name: string | undefined;
  readonly inherit: Inheritance;
  /** `NAME=value`, added to what is inherited. */
  readonly env: readonly string[];
  readonly attach: boolean;
  readonly key: string | undefined;
  readonly override: Readonly<Record<string, unknown>> | undefined;
  readonly dryRun: boolean;
  /** Id or name that the user gave for the container we run in. */
  readonly self: string | undefined;
  /** The tool that we stand in for decides which variables are control variables. */
  readonly compat: Compat;
}

const minuteMs = 60_000;
const envPrefix = 'OFFSHOOT_ENV_';

/**
 * Flags win over variables, variables over the files that `…_FILE` name.
 * @throws InvalidRequestError with every mistake that was made
 */
export function parsePlan(input: PlanInput): Plan {
  const mistakes: KeyedMistake[] = [];
  const compat = compatOf(input.env['OFFSHOOT_COMPAT']);
  if (compat === undefined) throw unknownCompat(input.env['OFFSHOOT_COMPAT']);

  const values: Partial<RequestValues> = {};
  for (const key of requestKeys) read(key, { input, compat, values, mistakes });
  if (values.image === undefined && !mistakes.some(({ key }) => key === 'image')) {
    mistakes.push({
      key: 'image',
      name: sourceName('image', compat),
      problem: 'is not set; expected the image of the sibling',
    });
  }
  mistakes.push(...unknownVariables(input.env), ...contradictions(values, input));
  if (mistakes.length > 0 || values.image === undefined) {
    throw new InvalidRequestError(mistakes.map(({ name, problem }) => ({ name, problem })));
  }

  return {
    image: values.image,
    command: input.command ?? values.command,
    entrypoint: values.entrypoint,
    start: values.at === undefined ? { afterMs: values.delay ?? 0 } : { at: values.at },
    runtime: values.runtime ?? 'auto',
    pull: values.pull ?? 'missing',
    pullTimeoutMs: values.pullTimeout ?? 15 * minuteMs,
    name: values.name,
    inherit: values.inherit ?? 'all',
    env: addedEnv(input.env),
    attach: values.attach ?? false,
    key: values.key,
    override: values.override,
    dryRun: values.dryRun ?? false,
    self: values.self,
    compat,
  };
}

/** A mistake that is about one of the values. */
interface KeyedMistake extends RequestMistake {
  readonly key?: RequestKey;
}

interface Reading {
  readonly input: Omit<PlanInput, 'now'>;
  readonly compat: Compat;
  readonly values: Partial<RequestValues>;
  readonly mistakes: KeyedMistake[];
}

function read<K extends RequestKey>(key: K, { input, compat, values, mistakes }: Reading): void {
  const variable: Variable<RequestValues[K]> = variables[key];
  const found = textOf(key, input, compat, mistakes);
  if (found === undefined) return;
  const schema = found.fromStand ? (compat.stands[key]?.schema ?? variable.schema) : variable.schema;
  const result = schema.safeParse(found.text);
  if (result.success) {
    values[key] = result.data;
  } else {
    const shown = variable.secret ? 'its value' : JSON.stringify(found.text);
    mistakes.push({
      key,
      name: found.name,
      problem: `${shown}: ${result.error.issues.map(({ message }) => message).join(', ')}`,
    });
  }
}

interface FoundText {
  readonly name: string;
  readonly text: string;
  readonly fromStand?: boolean;
}

function textOf(
  key: RequestKey,
  { env, flags, readFile }: Reading['input'],
  compat: Compat,
  mistakes: KeyedMistake[],
): FoundText | undefined {
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
      mistakes.push({
        key,
        name: `${name}_FILE`,
        problem: `${JSON.stringify(file)} cannot be read: ${messageOf(error)}`,
      });
    }
  }
  return stand?.whenUnset === undefined ? undefined : { name: stand.name, text: stand.whenUnset, fromStand: true };
}

/** A mistyped variable would be ignored without a word; it is refused instead. */
function unknownVariables(env: Environment): RequestMistake[] {
  const known = [...requestKeys.map((key) => variables[key].name), ...otherVariables.map(({ name }) => name)];
  return Object.entries(env).flatMap(([name, text]) => {
    if (!text || !name.startsWith('OFFSHOOT_') || name.startsWith(envPrefix)) return [];
    if (known.includes(name) || known.includes(name.replace(/_FILE$/, ''))) return [];
    const near = nearest(name, known);
    return [{ name, problem: `is no variable of this version${near === undefined ? '' : `; did you mean ${near}?`}` }];
  });
}

function contradictions({ delay, at, image, pull }: Partial<RequestValues>, { now }: PlanInput): RequestMistake[] {
  const mistakes: RequestMistake[] = [];
  if (delay !== undefined && at !== undefined) {
    mistakes.push({ name: 'OFFSHOOT_AT', problem: 'OFFSHOOT_DELAY is set as well; expected one of the two' });
  }
  if (at !== undefined && at < now) {
    mistakes.push({ name: 'OFFSHOOT_AT', problem: `${at.toISOString()} is over; it is ${now.toISOString()}` });
  }
  if (image === 'self' && pull === 'always') {
    mistakes.push({ name: 'OFFSHOOT_PULL', problem: '"always": self is taken by its id, which cannot be pulled' });
  }
  return mistakes;
}

function addedEnv(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, text]) =>
    name.startsWith(envPrefix) && name !== envPrefix && text !== undefined
      ? [`${name.slice(envPrefix.length)}=${text}`]
      : [],
  );
}

function sourceName(key: RequestKey, compat: Compat): string {
  return compat.stands[key]?.name ?? variables[key].name;
}

function unknownCompat(text: string | undefined): InvalidRequestError {
  return new InvalidRequestError([{ name: 'OFFSHOOT_COMPAT', problem: `"${text}": expected waitdaemon, or nothing` }]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
