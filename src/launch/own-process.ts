import { readFileSync, readlinkSync } from 'node:fs';
import { bootId } from './clock.ts';

/**
 * This process among all: boot of the machine, namespace of process ids, id, and when it began (clock ticks since
 * boot). A launch that was killed in a container that goes on running is known to be over by it.
 */
export function processMark(): string {
  const { place, pid, began } = ownProcess();
  return [place, pid, began].join(':');
}

/** `false` also where it cannot be told: for what another container has launched, or a process that may be hidden. */
export function isProcessOver(mark: string | undefined): boolean {
  const [boot, namespace, pid = '', began] = mark?.split(':') ?? [];
  if (began === undefined || `${boot}:${namespace}` !== ownPlace()) return false;
  return beginOf('1') !== undefined && beginOf(pid) !== began;
}

function ownProcess(): { place: string; pid: string; began: string } {
  // The first word is our id as our own namespace counts.
  const [pid = ''] = readFileSync('/proc/self/stat', 'utf8').split(' ');
  return { place: ownPlace(), pid, began: beginOf(pid) ?? '' };
}

function ownPlace(): string {
  return `${bootId()}:${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''}`;
}

function beginOf(pid: string): string | undefined {
  try {
    // After the name in brackets, which may hold anything: the state, and 18 numbers before the one that is meant.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}
