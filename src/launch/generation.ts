import { InvalidRequestError } from '../errors.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import { label } from './labels.ts';

/** A sibling that launches within this time of its start may be part of a loop. */
const youngMs = 60_000;
const mostInARow = 10;

/**
 * How many launches in a row were made by siblings that had just been started. A service that replaces itself now and
 * then counts from one again; a launcher that relaunches itself is stopped before it fills the machine.
 * @throws InvalidRequestError
 */
export function generationAfter({ labels, state, name }: ContainerRecord, now: number): number {
  const age = now - Date.parse(state.startedAt ?? '');
  const before = age < youngMs ? Number(labels[label.generation]) || 0 : 0;
  if (before < mostInARow) return before + 1;
  throw new InvalidRequestError(
    [{ name: 'OFFSHOOT_IMAGE', problem: `${name} is the sibling of a sibling, ${before} times within a minute each` }],
    { hint: 'The siblings launch again and again: give them another command (OFFSHOOT_COMMAND), or launch later.' },
  );
}
