import type { OffshootEvent } from '../events.ts';

/** A line for programs: one JSON object, the time first. */
export function jsonLine(event: OffshootEvent, time: Date): string {
  return `${JSON.stringify({ time: time.toISOString(), ...event })}\n`;
}
