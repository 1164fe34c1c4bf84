import { ConflictError, NotFoundError } from '../errors.ts';
import type { RunVerb } from './context.ts';
import { forEach } from './each.ts';
import { isOn } from './values.ts';
import { waitersOf } from './waiters.ts';

/** Prints the names of those that are gone. */
export const rm: RunVerb = (line, context) => {
  const { signal } = context;
  const force = isOn(line, 'force') ?? false;
  return forEach(line, context, {
    async act(target, { runtime }) {
      const { id, name } = target;
      const status = force ? undefined : await runtime.status(id, { signal });
      if (status === 'running' || status === 'paused' || status === 'restarting')
        throw new ConflictError(`${name} is ${status}`, { hint: `offshoot stop ${name}, or rm --force.` });
      // First: who waits to start it would meet nothing, and complain.
      const waiters = await waitersOf(target, runtime, signal);
      for (const waiter of waiters) await runtime.remove(waiter.id, { signal, force: true });
      await runtime.remove(id, { signal, force });
      return { removed: true, waiters: waiters.map((waiter) => waiter.name) };
    },
    text: ({ name }) => name,
    // As `docker rm --force`: gone is gone.
    isDone: (error) => force && error instanceof NotFoundError,
  });
};
