/** Labels on everything that offshoot creates: what it is, whose it is, and how to find it again. */
export const label = {
  /** `sibling` or `waiter`. */
  role: 'io.offshoot.role',
  /** The same key never launches twice. */
  key: 'io.offshoot.key',
  /** Id of the container that launched it. */
  parent: 'io.offshoot.parent',
  /** On a sibling: how many launches in a row were made by siblings that had just been started. */
  generation: 'io.offshoot.generation',
  /** One launch of one process: tells what this launch has made from what another one has. */
  attempt: 'io.offshoot.attempt',
  /** The process that launched it, as own-process.ts marks it. */
  launcher: 'io.offshoot.launcher',
  /** On a waiter: id of the sibling that it starts. */
  sibling: 'io.offshoot.sibling',
  /**
   * On a waiter: when it starts the sibling, RFC 3339, at the earliest where there are conditions. On a sibling whose
   * launcher stays and waits itself: at the latest.
   */
  startsAt: 'io.offshoot.starts-at',
  /** On a waiter: its conditions. */
  when: 'io.offshoot.when',
  /** On a waiter: the boot of the machine that it belongs to. */
  bootId: 'io.offshoot.boot-id',
} as const;
