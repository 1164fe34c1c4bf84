import type { OffshootEvent } from '../events.ts';

/** A line for people. */
export function textLine({ level, message, ...fields }: OffshootEvent): string {
  const mark = level === 'info' || level === 'debug' ? '' : `${level}: `;
  return `offshoot: ${mark}${message}\n${linesOf(fields['log'])}`;
}

/** The end of a container's output. What would move the cursor or colour the terminal is shown as a question mark. */
function linesOf(log: unknown): string {
  if (!Array.isArray(log)) return '';
  return log.map((line) => `  | ${String(line).replaceAll(/(?!\t)\p{Cc}/gu, '?')}\n`).join('');
}
