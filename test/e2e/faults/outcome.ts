import type Docker from 'dockerode';
import { label } from '../../../src/launch/labels.ts';
import type { Ended, Scene } from './stage.ts';

/**
 * What has become of one launch with a fault, by what the engine and the payload say. The last four must never be.
 * `told`: it failed after all that could be undone was, and says which container may be left or has run.
 */
export type Outcome = 'started' | 'not started' | 'told' | 'lost' | 'twice' | 'left behind' | 'untold';

export interface Seen {
  readonly outcome: Outcome;
  readonly status: number;
  readonly ran: number;
  /** Names of containers of the launch that are there, without the sibling of a launch that went well. */
  readonly left: readonly string[];
  readonly stderr: string;
  /** What a waiter that is left has said. */
  readonly log: string;
}

/** Once nothing of the launch runs any more. */
export async function outcomeOf(scene: Scene, ended: Ended): Promise<Seen> {
  const there = await scene.settled();
  const ran = await scene.ran();
  const isWell = ended.status === 0;
  const left = there.filter((container) => !(isWell && ran === 1 && isSibling(container))).map(nameOf);
  const waiter = there.find((container) => left.includes(nameOf(container)) && !isSibling(container));
  const log = waiter === undefined ? '' : await scene.logOf(waiter.Id);
  return { outcome: judge(ended, ran, left), status: ended.status, ran, left, stderr: ended.stderr, log };
}

function judge({ status, events }: Ended, ran: number, left: readonly string[]): Outcome {
  if (ran > 1) return 'twice';
  const isTold = (name: string): boolean =>
    events.some(({ level, message }) => level !== 'info' && message.includes(name));
  if (!left.every(isTold)) return 'left behind';
  if (status === 0) return ran === 1 ? 'started' : 'lost';
  if (!events.some(({ event, level }) => event === 'error' && level === 'error')) return 'untold';
  if (ran === 0 && left.length === 0) return 'not started';
  return events.some(({ event, level }) => event === 'undone' || level === 'warn') ? 'told' : 'untold';
}

function isSibling({ Labels }: Docker.ContainerInfo): boolean {
  return Labels[label.role] === 'sibling';
}

function nameOf({ Names }: Docker.ContainerInfo): string {
  return Names[0]?.slice(1) ?? '';
}
