import type { LeftOut } from '../clone/left-out.ts';
import { nameOf } from '../clone/env.ts';
import { formatDuration } from '../plan/duration.ts';
import type { Plan } from '../plan/plan.ts';
import type { Self } from '../self/identify.ts';
import type { SiblingRequest } from './request.ts';

/** What would be done: the answer to a dry run. Holds names of variables, never their values. */
export interface Explanation {
  readonly dryRun: true;
  readonly self: {
    readonly id: string;
    readonly name: string;
    readonly proof: string;
    readonly evidence: readonly string[];
  };
  readonly create: Readonly<Record<string, unknown>>;
  readonly pull: 'none' | 'needed' | 'not allowed';
  readonly start: string;
  readonly leftOut: readonly LeftOut[];
  readonly powers: readonly string[];
}

export interface ExplainInput {
  readonly plan: Plan;
  readonly self: Self;
  readonly request: SiblingRequest;
  readonly imageIsHere: boolean;
}

export function explain({ plan, self, request, imageIsHere }: ExplainInput): Explanation {
  const { env = [], override, ...shown } = request.spec;
  return {
    dryRun: true,
    self: { id: self.record.id, name: self.record.name, proof: self.proof, evidence: self.evidence },
    create: {
      ...shown,
      env: env.map(nameOf),
      ...(override !== undefined && { override: Object.keys(override) }),
    },
    pull: pullOf(plan, imageIsHere),
    start: startOf(plan),
    leftOut: request.leftOut,
    powers: request.powers,
  };
}

function pullOf({ pull, image }: Plan, imageIsHere: boolean): Explanation['pull'] {
  if (image === 'self' || (imageIsHere && pull !== 'always')) return 'none';
  return pull === 'never' ? 'not allowed' : 'needed';
}

function startOf({ start }: Plan): string {
  if ('at' in start) return `at ${start.at.toISOString()}, by a waiter`;
  return start.afterMs > 0 ? `after ${formatDuration(start.afterMs)}, by a waiter` : 'at once';
}
