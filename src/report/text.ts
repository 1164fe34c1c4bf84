import type { OffshootEvent } from '../events.ts';

/** A line for people. */
export function textLine({ level, message }: OffshootEvent): string {
  const mark = level === 'info' || level === 'debug' ? '' : `${level}: `;
  return `offshoot: ${mark}${message}\n`;
}
