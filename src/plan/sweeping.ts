import { InvalidRequestError } from '../errors.ts';
import { compatOf } from './compat.ts';
import { parseDuration } from './duration.ts';
import type { PlanInput } from './input.ts';
import { type KeyedMistake, readValue } from './read.ts';
import type { HostPreference, RequestValues, RuntimePreference } from './variables.ts';

/** What `offshoot sweep` is asked. */
export interface Sweeping {
  readonly runtime: RuntimePreference;
  readonly namespace: string | undefined;
  readonly host: HostPreference | undefined;
  readonly dryRun: boolean;
  readonly olderThanMs: number;
}

/** Longer than a launch takes between creating and starting, also on a machine that swaps. */
export const usualAge = '10m';

/** @throws InvalidRequestError */
export function parseSweeping(input: Omit<PlanInput, 'now'>, olderThan: string | undefined): Sweeping {
  const mistakes: KeyedMistake[] = [];
  const values: Partial<RequestValues> = {};
  const compat = compatOf(input.env['OFFSHOOT_COMPAT']) ?? { stands: {}, control: [] };
  for (const key of ['runtime', 'namespace', 'host', 'dryRun', 'log', 'logLevel'] as const)
    readValue(key, { input, compat, values, mistakes });
  let olderThanMs = 0;
  try {
    olderThanMs = parseDuration(olderThan ?? usualAge);
  } catch (error) {
    mistakes.push({ name: '--older-than', problem: `"${olderThan}": ${error instanceof Error ? error.message : ''}` });
  }
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes);
  const { runtime = 'auto', namespace, host, dryRun = false } = values;
  return { runtime, namespace, host, dryRun, olderThanMs };
}
