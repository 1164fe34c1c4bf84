import { split } from 'shlex';

const expected = 'expected shell words or a JSON array of strings';

/**
 * A JSON array of strings, or words as a POSIX shell splits them (nothing is expanded).
 * @throws Error with the problem
 */
export function parseWords(text: string): readonly string[] {
  if (!text.trimStart().startsWith('[')) return splitWords(text);
  const value = parseJson(text);
  if (!Array.isArray(value) || !value.every((word) => typeof word === 'string')) throw new Error(expected);
  return value;
}

/**
 * The same for the items of a list, which may begin with a bracket themselves: `[::1]:80:80`, `[A-Z]*`.
 * @throws Error with the problem
 */
export function parseItems(text: string): readonly string[] {
  return isJsonList(text) ? parseWords(text) : splitWords(text);
}

export function isJsonList(text: string): boolean {
  return /^\s*\[\s*(?:"|\]\s*$)/.test(text);
}

/** @throws Error with the problem */
export function splitWords(text: string): readonly string[] {
  try {
    return split(text);
  } catch (error) {
    throw new Error(`has a quote or a backslash that does not end; ${expected}`, { cause: error });
  }
}

/** @throws Error with the problem */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    throw new Error('is not valid JSON');
  }
}

/** Around commas. An expression for it would look at every blank of a long row again and again. */
export function withoutBlanks(text: string): string {
  return text
    .split(',')
    .map((piece) => piece.trim())
    .join(',');
}
