import type * as z from 'zod';
import { InternalError } from '../../../errors.ts';

/** @throws InternalError where nerdctl says what we do not understand */
export function read<T>(what: string, text: string, schema: z.ZodType<T>): T {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new InternalError(`nerdctl described a ${what} in a way that is no JSON`);
  }
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  // Only the places: a value could be one that nobody may see.
  const places = result.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new InternalError(`nerdctl described a ${what} in a way that offshoot does not understand: ${places}`);
}

/** A JSON text inside of a label; undefined where there is none, or nothing that we understand. */
export function readLabel<T>(text: string | undefined, schema: z.ZodType<T>): T | undefined {
  try {
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
