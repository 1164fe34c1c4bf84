import type { LeftOut } from '../clone/left-out.ts';
import { formatDuration } from '../plan/duration.ts';
import type { Plan } from '../plan/plan.ts';
import { type ExplainedSetting, explainSettings } from './origins.ts';
import type { Prepared } from './prepare.ts';

/** What would be done: the answer to a dry run. */
export interface Explanation {
  readonly dryRun: true;
  readonly self: {
    readonly id: string;
    readonly name: string;
    readonly proof: string;
    readonly evidence: readonly string[];
  };
  readonly name: string;
  /** As the engine would be asked for it. */
  readonly image: string;
  /** Null where it is not on the engine. */
  readonly imageId: string | null;
  readonly key: string;
  readonly pull: 'none' | 'needed' | 'not allowed';
  readonly start: string;
  /** Everything that the sibling gets, and from where. */
  readonly settings: readonly ExplainedSetting[];
  readonly leftOut: readonly LeftOut[];
  readonly powers: readonly string[];
  readonly notes: readonly string[];
}

export interface ExplainOptions {
  /** Without it no value of a variable is in the explanation. */
  readonly showValues?: boolean;
}

type Explained = Pick<Prepared, 'plan' | 'self' | 'selfImage' | 'found' | 'request' | 'notes'>;

/** Pure. */
export function explain(prepared: Explained, { showValues = false }: ExplainOptions = {}): Explanation {
  const { plan, self, selfImage, found, request, notes } = prepared;
  const sameImage = found?.id === self.record.image.id;
  const configs = { selfImage: selfImage?.config, image: found?.config };
  return {
    dryRun: true,
    self: { id: self.record.id, name: self.record.name, proof: self.proof, evidence: self.evidence },
    name: request.spec.name,
    image: request.spec.image,
    imageId: found?.id ?? null,
    key: request.key,
    pull: pullOf(plan, found !== undefined),
    start: startOf(plan),
    settings: explainSettings({ spec: request.spec, plan, ...configs, sameImage, showValues }),
    leftOut: request.leftOut,
    powers: request.powers,
    notes,
  };
}

function pullOf({ pull, image }: Plan, imageIsHere: boolean): Explanation['pull'] {
  if (image === 'self' || (imageIsHere && pull !== 'always')) return 'none';
  return pull === 'never' ? 'not allowed' : 'needed';
}

function startOf({ start, when, whenTimeoutMs, whenElse, attach }: Plan): string {
  const conditions = when.map(({ text }) => text).join(' and ');
  const limit = formatDuration(whenTimeoutMs);
  const otherwise =
    whenElse === 'abort' ? `removed when that takes longer than ${limit}` : `after ${limit} at the latest`;
  const time =
    'at' in start ? `at ${start.at.toISOString()}` : start.afterMs > 0 && `after ${formatDuration(start.afterMs)}`;
  const parts = [time, conditions && `${time ? 'and then ' : ''}when ${conditions} (${otherwise})`].filter(Boolean);
  return parts.length === 0
    ? 'at once'
    : [...parts, attach ? 'by the launcher, which stays' : 'by a waiter'].join(', ');
}
