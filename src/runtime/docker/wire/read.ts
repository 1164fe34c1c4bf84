import * as z from 'zod';
import { InternalError } from '../../../errors.ts';

/** @throws InternalError where the engine says what we do not understand */
export function read<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    // Only the places: a value could be one that nobody may see.
    const places = error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
    throw new InternalError(`the engine described a ${what} in a way that offshoot does not understand: ${places}`);
  }
}

/** What engines leave out, or say as null or as nothing. */
export const text: z.ZodType<string | undefined> = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
export const strings: z.ZodType<readonly string[]> = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
export const labels: z.ZodType<Readonly<Record<string, string>>> = z
  .record(z.string(), z.string())
  .nullish()
  .transform((map) => map ?? {});
