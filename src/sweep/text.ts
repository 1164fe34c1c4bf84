import type { Seen, SweepResult } from './sweep.ts';

/** For people: a line for each container, and the counts. */
export function sweepText({ dryRun, removed, left }: SweepResult): string {
  const did = dryRun ? 'would remove' : 'removed';
  return [
    ...removed.map((one) => line(did, one)),
    ...left.map((one) => line('left', one)),
    `${did} ${removed.length}, left ${left.length}\n`,
  ].join('');
}

function line(what: string, { name, role, reason }: Seen): string {
  return `${what} ${name} (${role}): ${reason}\n`;
}
