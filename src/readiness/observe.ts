import type { Runtime } from '../runtime/runtime.ts';
import { type LastLines, lastLines } from './last-lines.ts';

/** What has to be listened to before the sibling is started, as it may end and be removed at once. */
export interface Observation {
  /** Resolves when it has ended, with its exit code where that is told; never where nobody tells. */
  readonly ended: Promise<number | undefined>;
  /** The end of its output, where it will be gone with the container. */
  readonly output: LastLines | undefined;
}

export interface Observed {
  readonly id: string;
  /** The engine removes it when it has ended. */
  readonly autoRemove: boolean;
}

/** Nothing that fails here is in the way of the start: the engine is asked for the state as well. */
export async function observe(
  { id, autoRemove }: Observed,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<Observation> {
  const [next, chunks] = await Promise.all([
    runtime.nextExit?.(id, { signal }).catch(() => undefined),
    autoRemove ? runtime.attach(id, { signal }).catch(() => undefined) : undefined,
  ]);
  const ended = next?.ended.then(({ exitCode }) => exitCode).catch(() => never) ?? never;
  signal.throwIfAborted();
  const output = chunks && lastLines();
  if (chunks !== undefined) void output?.read(chunks);
  return { ended, output };
}

const never = new Promise<undefined>(() => {});

/** Of one that has been started already. */
export const unobserved: Observation = { ended: never, output: undefined };
