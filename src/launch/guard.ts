import { CancelledError, PolicyError, type PolicyViolation } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { checkImage, checkPlan, digestsFor } from '../policy/check-plan.ts';
import { checkRequest } from '../policy/check-request.ts';
import { hostPathsOf, withoutSocket } from '../policy/engine-socket.ts';
import type { Policy } from '../policy/policy.ts';
import type { ContainerRecord, ImageRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type SiblingInput, type SiblingRequest, siblingRequest } from './request.ts';

/** Holds a launch to the policy. Without one everything may be asked for. */
export interface Guard {
  /** The request, without what the policy leaves behind. */
  request(input: SiblingInput): SiblingRequest;
  /** Of a request as the engine would be asked. */
  violations(request: SiblingRequest): PolicyViolation[];
  /** Of the image that is really used. */
  violationsOf(image: ImageRecord): PolicyViolation[];
  /** @throws PolicyError */
  check(request: SiblingRequest, image: ImageRecord): void;
}

export function guardOf(plan: Plan, policy: Policy | undefined, self: ContainerRecord, runtime: Runtime): Guard {
  if (policy === undefined)
    return { request: siblingRequest, violations: () => [], violationsOf: () => [], check: () => {} };
  const sockets = socketsOf(self, runtime);
  const isPinned = digestsFor(plan, policy) !== undefined;
  const violations: Guard['violations'] = ({ spec }) =>
    checkRequest({ policy, runtime: runtime.kind, spec, request: runtime.createRequest(spec), sockets });
  const violationsOf: Guard['violationsOf'] = (image) => checkImage(plan, image, policy);
  return {
    request(input) {
      const known = withoutSocket(input.self, policy, sockets);
      const request = siblingRequest({ ...input, self: known.self });
      // A tag can be moved between the look at it and the creation.
      const spec = isPinned && input.image.id !== '' ? { ...request.spec, image: input.image.id } : request.spec;
      return { ...request, spec, leftOut: [...request.leftOut, ...known.leftOut] };
    },
    violations,
    violationsOf,
    check(request, image) {
      const all = [...violationsOf(image), ...violations(request)];
      if (all.length > 0) throw new PolicyError(policy.file, all);
    },
  };
}

/** What of a prepared launch is looked at. */
interface Judged {
  readonly guard: Guard;
  readonly request: SiblingRequest;
  /** The image, where it is on the engine. */
  readonly found: ImageRecord | undefined;
}

/** What may not be asked for is said also where the engine cannot be asked, and all of it at once. */
export async function underPolicy<T extends Judged>(
  plan: Plan,
  policy: Policy | undefined,
  prepare: () => Promise<T>,
): Promise<T> {
  if (policy === undefined) return prepare();
  const ofPlan = checkPlan(plan, policy);
  const prepared = await prepare().catch((error: unknown) => {
    if (ofPlan.length === 0 || error instanceof CancelledError) throw error;
    throw new PolicyError(policy.file, ofPlan);
  });
  const { guard, request, found } = prepared;
  // One that is pulled anew is looked at when it is there.
  const here = found === undefined || plan.pull === 'always' ? [] : guard.violationsOf(found);
  const all = [...ofPlan, ...here, ...guard.violations(request)];
  if (all.length > 0) throw new PolicyError(policy.file, distinct(all));
  return prepared;
}

/** The runtime is judged by what is asked for, and by what was found. */
function distinct(violations: readonly PolicyViolation[]): PolicyViolation[] {
  return [...new Map(violations.map((one) => [`${one.rule}: ${one.problem}`, one])).values()];
}

/** Where nothing leads to the engine, there is no socket either. */
function socketsOf(self: ContainerRecord, runtime: Runtime): string[] {
  try {
    return hostPathsOf(runtime.access(self));
  } catch {
    return [];
  }
}
