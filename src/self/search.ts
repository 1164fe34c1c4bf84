import { EngineRefusedError, InvalidArgumentError, type RefusedCandidate } from '../errors.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { Candidate } from './candidates.ts';
import { challenge, type ChallengeContext, judgeRecord } from './prove.ts';

/** The candidate that is proved. */
export interface Found {
  readonly record: ContainerRecord;
  readonly evidence: readonly string[];
  readonly proof: string;
  /** The other candidates, and why they are not it. */
  readonly refused: readonly RefusedCandidate[];
}

export interface Search {
  /** Grows with every candidate that is not proved. */
  readonly refused: readonly RefusedCandidate[];
  refuse(candidate: Candidate, reason: string): void;
  /** The one that is proved; no container is judged twice. */
  among(candidates: readonly Candidate[]): Promise<Found | undefined>;
}

export function createSearch(context: ChallengeContext): Search {
  const { runtime, surroundings, signal } = context;
  const refused: RefusedCandidate[] = [];
  const judged = new Set<string>();

  const refuse = ({ reference, evidence }: Candidate, reason: string): void => {
    refused.push({ reference, evidence, reason });
  };

  /** Undefined, and refused, where there is nothing to judge. */
  async function inspect(candidate: Candidate): Promise<ContainerRecord | undefined> {
    try {
      const record = await runtime.inspect(candidate.reference, { signal });
      if (record === undefined) refuse(candidate, 'this engine has no such container');
      return record;
    } catch (error) {
      // The beginning of several ids, what cannot be a name, or what a proxy before the socket forbids: the others may still be proved.
      const isAnswer = error instanceof EngineRefusedError || error instanceof InvalidArgumentError;
      if (!isAnswer || signal.aborted) throw error;
      refuse(candidate, error.message);
      return undefined;
    }
  }

  return {
    refused,
    refuse,
    async among(candidates) {
      const records = await Promise.all(candidates.map(inspect));
      const open: { candidate: Candidate; record: ContainerRecord }[] = [];
      for (const [index, candidate] of candidates.entries()) {
        const record = records[index];
        if (record === undefined || judged.has(record.id)) continue;
        judged.add(record.id);
        const verdict = judgeRecord(record, surroundings);
        if (verdict.is === 'ours') return { record, evidence: candidate.evidence, proof: verdict.proof, refused };
        if (verdict.is === 'foreign') refuse(candidate, verdict.reason);
        else open.push({ candidate, record });
      }
      for (const { candidate, record } of open) {
        const verdict = await challenge(record, context);
        if (verdict.is === 'ours') return { record, evidence: candidate.evidence, proof: verdict.proof, refused };
        refuse(candidate, verdict.reason);
      }
      return undefined;
    },
  };
}
