import { InvalidRequestError } from '../errors.ts';
import { compatOf } from './compat.ts';
import type { PlanInput } from './input.ts';
import { type KeyedMistake, readValue } from './read.ts';
import type { RequestValues, RuntimePreference } from './variables.ts';

/** What `offshoot self` and `offshoot path` need of a request. */
export interface FindingSelf {
  readonly runtime: RuntimePreference;
  /** Id or name that the user gave for the container we run in. */
  readonly hint?: string;
}

/** @throws InvalidRequestError */
export function parseFindingSelf(input: Omit<PlanInput, 'now'>): FindingSelf {
  const mistakes: KeyedMistake[] = [];
  const values: Partial<RequestValues> = {};
  const compat = compatOf(input.env['OFFSHOOT_COMPAT']) ?? { stands: {}, control: [] };
  for (const key of ['self', 'runtime', 'log', 'logLevel'] as const)
    readValue(key, { input, compat, values, mistakes });
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes);
  const { self, runtime = 'auto' } = values;
  return { runtime, ...(self !== undefined && { hint: self }) };
}
