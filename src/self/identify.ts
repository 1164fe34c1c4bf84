import { type RefusedCandidate, SelfNotFoundError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Candidate, candidatesIn } from './candidates.ts';
import { challenge, judgeRecord, type Verdict } from './prove.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';

/** The container we run in, and why that is certain. */
export interface Self {
  readonly record: ContainerRecord;
  readonly evidence: readonly string[];
  readonly proof: string;
  /** The other candidates, and why they are not it. */
  readonly refused: readonly RefusedCandidate[];
}

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
  const search = createSearch(runtime, surroundings, options.signal);
  const hinted = options.hint;
  const candidates =
    hinted === undefined
      ? candidatesIn(surroundings)
      : [{ reference: hinted, evidence: ['OFFSHOOT_SELF'], inCgroup: false }];

  const self =
    (await search.among(candidates)) ??
    // Nothing here tells: `--network container:`, or files mounted over those that would.
    (hinted === undefined
      ? await search.among(await runningContainers(runtime, surroundings, options.signal))
      : undefined);
  if (self !== undefined) {
    options.report({
      level: 'debug',
      event: 'self',
      message: `we are ${self.record.name}: ${self.proof}`,
      id: self.record.id,
    });
    return self;
  }
  throw new SelfNotFoundError(`cannot tell which container of ${runtime.description} we run in`, search.refused, {
    hint:
      search.refused.length === 0
        ? 'Nothing points at a container: are we in one, and of this engine?'
        : 'Is this the engine that made this container? OFFSHOOT_SELF can name it; it is proved all the same.',
  });
}

interface Search {
  readonly refused: readonly RefusedCandidate[];
  among(candidates: readonly Candidate[]): Promise<Self | undefined>;
}

function createSearch(runtime: Runtime, surroundings: Surroundings, signal: AbortSignal): Search {
  const refused: RefusedCandidate[] = [];
  const judged = new Set<string>();

  const refuse = ({ reference, evidence }: Candidate, reason: string): void => {
    refused.push({ reference, evidence, reason });
  };
  const found = (record: ContainerRecord, { evidence }: Candidate, proof: string): Self => ({
    record,
    evidence,
    proof,
    refused,
  });

  return {
    refused,
    async among(candidates) {
      const inspected = await Promise.all(
        candidates.map(async (candidate) => ({
          candidate,
          record: await runtime.inspect(candidate.reference, { signal }),
        })),
      );
      const open: { candidate: Candidate; record: ContainerRecord }[] = [];
      for (const { candidate, record } of inspected) {
        if (record === undefined) {
          refuse(candidate, 'this engine has no such container');
          continue;
        }
        if (judged.has(record.id)) continue;
        judged.add(record.id);
        const verdict: Verdict = judgeRecord(record, surroundings);
        if (verdict.is === 'ours') return found(record, candidate, verdict.proof);
        if (verdict.is === 'foreign') refuse(candidate, verdict.reason);
        else open.push({ candidate, record });
      }
      for (const { candidate, record } of open) {
        const verdict = await challenge(record, candidate.inCgroup, runtime, signal);
        if (verdict.is === 'ours') return found(record, candidate, verdict.proof);
        refuse(candidate, verdict.reason);
      }
      return undefined;
    },
  };
}

/** All that run; first those whose mounts we could have, and of these those that share another one's network. */
async function runningContainers(
  runtime: Runtime,
  { mounts }: Surroundings,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const targets = new Set(mounts.map(({ target }) => target));
  const running = await runtime.list({ signal });
  return running
    .map(({ id, name, mountDestinations, networkMode }) => ({
      reference: id,
      evidence: [`it runs (${name})`],
      inCgroup: false,
      likeness:
        (mountDestinations.every((destination) => targets.has(destination)) ? 2 : 0) +
        (networkMode.startsWith('container:') ? 1 : 0),
    }))
    .toSorted((left, right) => right.likeness - left.likeness);
}
