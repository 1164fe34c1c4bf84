import * as z from 'zod';
import { watched } from '../conditions/watched.ts';
import { InternalError } from '../errors.ts';

/** What a waiter does beside starting the sibling at its time. */
export type Task = z.output<typeof task>;

const task = z.object({
  when: z.array(watched),
  whenTimeoutMs: z.number(),
  whenElse: z.enum(['abort', 'launch']),
  ready: z.discriminatedUnion('is', [
    z.object({ is: z.enum(['started', 'running', 'healthy']) }),
    z.object({ is: z.literal('exited'), exitCode: z.number() }),
  ]),
  readyTimeoutMs: z.number(),
  /** A path of the waiter. */
  statusFile: z.string().optional(),
});

const nothingMore: Task = {
  when: [],
  whenTimeoutMs: 0,
  whenElse: 'abort',
  ready: { is: 'started' },
  readyTimeoutMs: 0,
};

/** `undefined` where there is nothing beside. */
export function taskText(asked: Task): string | undefined {
  const isPlain = asked.when.length === 0 && asked.ready.is === 'started' && asked.statusFile === undefined;
  return isPlain ? undefined : JSON.stringify(asked);
}

export function readTask(text: string | undefined): Task {
  if (!text) return nothingMore;
  try {
    return task.parse(JSON.parse(text));
  } catch (error) {
    throw new InternalError('the waiter was told its task in a way that it does not understand', { cause: error });
  }
}
