import { InternalError } from '../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a waiter is told; entrypoint.sh reads these by the same names. */
export const duty = {
  /** Id of the sibling to start. */
  sibling: 'OFFSHOOT_WAITER',
  /** Its own name, to remove itself by. */
  name: 'OFFSHOOT_WAITER_NAME',
  /** Hundredths of a second since boot. */
  deadline: 'OFFSHOOT_WAITER_DEADLINE',
  bootId: 'OFFSHOOT_WAITER_BOOT_ID',
  /** What it does beside starting the sibling at its time, as JSON, where there is anything. */
  task: 'OFFSHOOT_WAITER_TASK',
  /** Set by entrypoint.sh when a signal has ended the waiting. */
  signal: 'OFFSHOOT_WAITER_SIGNAL',
} as const;

export interface Duty {
  readonly sibling: string;
  readonly name: string;
  /** Milliseconds since boot. */
  readonly deadlineMs: number;
  readonly bootId: string;
}

/** Is this process a waiter's? */
export function isWaiter(env: Environment): boolean {
  return Boolean(env[duty.sibling]);
}

export function readDuty(env: Environment): Duty {
  const [sibling = '', name = '', deadline = '', boot = ''] = [duty.sibling, duty.name, duty.deadline, duty.bootId].map(
    (key) => env[key],
  );
  const deadlineMs = Number(deadline) * 10;
  if (name === '' || boot === '' || !/^\d+$/.test(deadline))
    throw new InternalError('the waiter was not told its duty');
  return { sibling, name, deadlineMs, bootId: boot };
}
