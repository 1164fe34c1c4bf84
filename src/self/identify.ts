import { SelfNotFoundError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { candidatesIn } from './candidates.ts';
import { createMarks } from './marks.ts';
import type { ChallengeContext } from './prove.ts';
import { searchRunning } from './running.ts';
import { createSearch, type Found } from './search.ts';
import { readSurroundings } from './surroundings.ts';

/** The container we run in, and why that is certain. */
export type Self = Found;

export interface IdentifyOptions extends StageOptions {
  /** Id or name that the user gave: the only candidate then, and still proved. */
  readonly hint?: string | undefined;
}

/**
 * Which container of this engine do we run in? Every candidate is inspected, and one is proved; nothing is guessed,
 * because the wrong container would be cloned.
 * @throws SelfNotFoundError with every candidate and why it was refused
 */
export async function identifySelf(runtime: Runtime, options: IdentifyOptions): Promise<Self> {
  const surroundings = readSurroundings();
  const marks = createMarks(surroundings.mounts);
  try {
    return await identifyBy({ runtime, surroundings, marks, signal: options.signal }, options);
  } finally {
    marks.remove();
  }
}

/** The same with all that is read and left behind given, for tests. */
export async function identifyBy(
  context: ChallengeContext,
  { hint, report }: Omit<IdentifyOptions, 'signal'>,
): Promise<Self> {
  const search = createSearch(context);
  const self =
    hint === undefined
      ? ((await search.among(candidatesIn(context.surroundings, context.runtime.likelySelf))) ??
        (await searchRunning(search, context)))
      : await search.among([{ reference: hint, evidence: ['OFFSHOOT_SELF'] }]);
  if (self !== undefined) {
    const { id, name } = self.record;
    report({ level: 'debug', event: 'self', message: `we are ${name}: ${self.proof}`, id });
    return self;
  }
  const { refused } = search;
  const where = context.runtime.description;
  throw new SelfNotFoundError(`cannot tell which container of ${where} we run in`, refused, {
    hint:
      hint !== undefined
        ? 'Without OFFSHOOT_SELF every container that could be ours is tried.'
        : refused.length === 0
          ? 'Nothing points at a container: are we in one, and of this engine?'
          : 'Is this the engine that made this container? OFFSHOOT_SELF can name it; it is proved all the same.',
  });
}
