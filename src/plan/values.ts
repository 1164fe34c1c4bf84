import * as z from 'zod';
import { parseBoolean } from './boolean.ts';
import { parseDuration } from './duration.ts';
import { type Inheritance, parseInheritance } from './inherit.ts';
import { parsePlatform } from './platform.ts';
import { parseReadiness, type Readiness } from './readiness.ts';
import { isImageId, parseReference } from './reference.ts';
import { parseRestart, type RestartPolicy } from './restart.ts';
import { parseJson, parseWords } from './words.ts';

/** Schemas of single values. All read text, because that is what variables and flags hold. */
type TextSchema<T> = z.ZodType<T, string>;

/** A schema from a function that throws an Error with the problem as its message. */
function parsedBy<T>(parse: (text: string) => T): TextSchema<T> {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
}

export const boolean: TextSchema<boolean> = parsedBy(parseBoolean);

export const duration: TextSchema<number> = parsedBy(parseDuration);

/** `WAIT_SECONDS` of waitdaemon: whole seconds. */
export const wholeSeconds: TextSchema<number> = parsedBy((text) => {
  if (!/^\+?\d+$/.test(text)) throw new Error('expected a whole number of seconds, 0 or more');
  return parseDuration(text.replace('+', ''));
});

export const time: TextSchema<Date> = z.iso
  .datetime({ offset: true, error: 'expected an RFC 3339 time with its zone (2026-01-31T10:00:00Z)' })
  .transform((text) => new Date(text));

/** A JSON array of strings, or words as a POSIX shell splits them (nothing is expanded). */
export const words: TextSchema<readonly string[]> = parsedBy(parseWords);

export const jsonObject: TextSchema<Readonly<Record<string, unknown>>> = parsedBy((text) => {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('expected a JSON object');
  return { ...value };
});

export const image: TextSchema<string> = parsedBy((text) => {
  if (text !== 'self' && !isImageId(text)) parseReference(text);
  return text;
});

export const platform: TextSchema<string> = parsedBy(parsePlatform);

/** Docker's rule for names, and what is left of an id. */
export const containerName: TextSchema<string> = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, 'expected two or more of a-z A-Z 0-9 _ . -, the first a letter or digit');

/** containerd's rule for namespaces. */
export const namespace: TextSchema<string> = z
  .string()
  .regex(/^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/, 'expected letters and digits, with single . _ or - between them')
  .max(76, 'expected 76 characters at most');

/** `NERDCTL_HOST` of waitdaemon. */
export const onHost: TextSchema<'always' | 'never'> = parsedBy((text) => (parseBoolean(text) ? 'always' : 'never'));

export const inheritance: TextSchema<Inheritance> = parsedBy(parseInheritance);

export const restart: TextSchema<RestartPolicy> = parsedBy(parseRestart);

export const readiness: TextSchema<Readiness> = parsedBy(parseReadiness);

/** A path of ours that can be a file's. */
export const filePath: TextSchema<string> = z
  .string()
  .regex(/^(?:\/|\.\.?\/)(?:.*\/)?(?!\.{0,2}$)[^/]+$/s, 'expected the path of a file: /path or ./path');

export const key: TextSchema<string> = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'expected 1 to 200 printable ASCII characters without spaces');

export function oneOf<T extends string>(...accepted: readonly T[]): TextSchema<T> {
  return parsedBy((text) => {
    const found = accepted.find((word) => word === text);
    if (found === undefined) throw new Error(`expected one of: ${accepted.join(', ')}`);
    return found;
  });
}
