import { InvalidRequestError, type RequestMistake } from '../errors.ts';
import type { AskingLine } from '../plan/argv.ts';
import { parseDuration } from '../plan/duration.ts';
import type { OwnFlagName } from '../plan/verbs.ts';

/** Flags that say yes or no. `undefined`: not given. */
export function isOn({ own }: AskingLine, name: OwnFlagName): boolean | undefined {
  const text = own[name]?.[0];
  return text === undefined ? undefined : text === 'true';
}

type Parsers = Readonly<Partial<Record<OwnFlagName, (text: string) => unknown>>>;
type Parsed<P extends Parsers> = {
  readonly [K in keyof P]: (P[K] extends (text: string) => infer T ? T : never) | undefined;
};

/**
 * The values of flags that are not lists.
 * @throws InvalidRequestError with every mistake
 */
export function valuesOf<P extends Parsers>({ own }: AskingLine, parsers: P): Parsed<P> {
  const mistakes: RequestMistake[] = [];
  const entries = Object.entries(parsers).map(([name, parse]) => {
    const text = own[name as OwnFlagName]?.[0];
    return [name, text === undefined ? undefined : attempt(`--${name}`, text, parse, mistakes)];
  });
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes);
  return Object.fromEntries(entries) as Parsed<P>;
}

/**
 * The values of a flag that may be repeated; their texts are not shown, as they may be secrets.
 * @throws InvalidRequestError
 */
export function listOf<T>({ own }: AskingLine, name: OwnFlagName, parse: (text: string) => T): readonly T[] {
  const mistakes: RequestMistake[] = [];
  const values = (own[name] ?? []).map((text) => attempt(`--${name}`, text, parse, mistakes, false));
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes);
  return values as T[];
}

function attempt<T>(
  name: string,
  text: string,
  parse: (text: string) => T,
  mistakes: RequestMistake[],
  show = true,
): T | undefined {
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    mistakes.push({ name, problem: show ? `${JSON.stringify(text)}: ${reason}` : reason });
    return undefined;
  }
}

export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('expected a whole number, 0 or more');
  return Number(text);
}

export function notEmpty(text: string): string {
  if (text === '') throw new Error('is empty');
  return text;
}

/** A time of day, or so long ago. */
export function moment(text: string, now: number = Date.now()): Date {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) {
    const time = new Date(text);
    if (/(?:Z|[+-]\d\d:\d\d)$/i.test(text) && !Number.isNaN(time.getTime())) return time;
  } else if (/^(?:\d+(?:\.\d+)?(?:ms|s|m|h)?)+$/.test(text)) return new Date(now - parseDuration(text));
  throw new Error('expected an RFC 3339 time with its zone (2026-01-31T10:00:00Z), or how long ago (10m, 1h30m)');
}

/** `NAME`, with any value, or `NAME=VALUE`. */
export function labelFilter(text: string): readonly [name: string, value: string | true] {
  const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) throw new Error('expected a label: NAME or NAME=VALUE');
  return [name, value ?? true];
}

export function variable(text: string): string {
  if (!/^[^=\0]+=[^\0]*$/.test(text)) throw new Error('expected NAME=VALUE');
  return text;
}
