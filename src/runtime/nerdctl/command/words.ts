import { NotSupportedError } from '../../../errors.ts';

/** What no flag of nerdctl's can say. */
export function notSupported(what: string, hint?: string): NotSupportedError {
  return new NotSupportedError(`nerdctl has no ${what}`, { hint });
}

/** Those flags take a list, of which a comma would make two. */
export function quoted(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Of what stands in the interface and has no code here. */
export const notYet = 'this version of offshoot does not do it with nerdctl';

export const noStdin = 'what nerdctl starts in the background has no standard input';
