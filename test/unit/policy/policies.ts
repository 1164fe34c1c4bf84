import { parsePlan, type Plan } from '../../../src/plan/plan.ts';
import { inheritedByDefault } from '../../../src/policy/inheritance.ts';
import { parsePolicy, type Policy } from '../../../src/policy/policy.ts';

/** A policy of these rules. */
export function policyOf(rules: object): Policy {
  return parsePolicy(JSON.stringify(rules), '/policy.json');
}

/** A plan as the launcher makes it under that policy. */
export function planUnder(policy: Policy | undefined, env: Readonly<Record<string, string>> = {}): Plan {
  return parsePlan({
    env: { OFFSHOOT_IMAGE: 'alpine:3', ...env },
    now: new Date('2026-01-01T00:00:00Z'),
    inherit: policy && inheritedByDefault(policy),
    readFile: () => '',
  });
}

export const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
