import { InvalidRequestError } from '../errors.ts';
import { compatOf } from './compat.ts';
import type { PlanInput } from './input.ts';
import { type KeyedMistake, readValue } from './read.ts';
import type { HostPreference, RequestValues, RuntimePreference } from './variables.ts';

/** What `offshoot self` and `offshoot path` need of a request. */
export interface FindingSelf {
  readonly runtime: RuntimePreference;
  readonly namespace?: string;
  readonly host?: HostPreference;
  /** Id or name that the user gave for the container we run in. */
  readonly hint?: string;
}

/** @throws InvalidRequestError */
export function parseFindingSelf(input: Omit<PlanInput, 'now'>): FindingSelf {
  const mistakes: KeyedMistake[] = [];
  const values: Partial<RequestValues> = {};
  const compat = compatOf(input.env['OFFSHOOT_COMPAT']) ?? { stands: {}, control: [] };
  for (const key of ['self', 'runtime', 'namespace', 'host', 'log', 'logLevel'] as const)
    readValue(key, { input, compat, values, mistakes });
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes);
  const { self, runtime = 'auto', namespace, host } = values;
  return {
    runtime,
    ...(namespace !== undefined && { namespace }),
    ...(host !== undefined && { host }),
    ...(self !== undefined && { hint: self }),
  };
}
