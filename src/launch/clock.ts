import { readFileSync } from 'node:fs';
import { type Clock, pause } from '../timing.ts';

/**
 * A point in time that a jump of the wall clock does not move: the machine's time since boot is the same in all its
 * containers and goes on while an engine restarts. It means nothing after a reboot, which the boot's id tells.
 */
export interface Deadline {
  /** Milliseconds since boot; the kernel tells them in steps of ten. */
  readonly uptimeMs: number;
  readonly bootId: string;
  /** The same by the wall clock as it is now: for people. */
  readonly at: Date;
}

export function deadlineIn(ms: number): Deadline {
  return { uptimeMs: uptimeMs() + ms, bootId: bootId(), at: new Date(Date.now() + ms) };
}

/** Resolves at once for one that is over. */
export async function sleepUntil(uptime: number, signal: AbortSignal): Promise<void> {
  // A timer counts no time that the machine sleeps, and cannot be longer than 24 days: so it looks again every minute.
  for (let left = uptime - uptimeMs(); left > 0; left = uptime - uptimeMs())
    await pause(Math.min(left, 60_000), signal);
}

export function uptimeMs(): number {
  const [seconds = ''] = readFileSync('/proc/uptime', 'utf8').split(' ');
  return Math.round(Number(seconds) * 1_000);
}

/** Since a time of day that an engine has told; never less than nothing, as the clock may have been set since. */
export function msSince(time: string | undefined): number {
  return Math.max(0, Date.now() - Date.parse(time ?? '') || 0);
}

/** The machine's time since boot. */
export const bootClock: Clock = { now: uptimeMs, pause };

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
