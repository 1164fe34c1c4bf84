import type { PolicyViolation } from '../errors.ts';
import { globTest } from '../plan/globs.ts';
import type { Plan } from '../plan/plan.ts';
import { isImageId, parseReference } from '../plan/reference.ts';
import { hasDigest, judgeImage } from './image-rules.ts';
import type { ImageRecord } from '../runtime/container.ts';
import { beyond } from './inheritance.ts';
import type { Policy } from './policy.ts';

/** Pure: what a plan asks for that is forbidden whatever the engine says. */
export function checkPlan(plan: Plan, policy: Policy): PolicyViolation[] {
  return [
    ...ofImage(plan.image, policy),
    ...ofInheritance(plan, policy),
    ...ofRuntime(plan, policy),
    ...ofVariables(plan.env.map(nameOf), policy),
    ...(plan.override !== undefined && !policy.override
      ? [{ rule: 'override', problem: 'OFFSHOOT_OVERRIDE is set; none is allowed' }]
      : []),
  ];
}

/** Those of which the image must have one, where the policy allows it by digest alone. */
export function digestsFor({ image }: Pick<Plan, 'image'>, { images }: Policy): readonly string[] | undefined {
  const judgement = images === undefined ? undefined : judgeImage(image, images);
  return judgement?.allowed ? judgement.digests : undefined;
}

/** Pure: is the image that is really used one that is allowed? By its content, as a tag can be given to anything. */
export function checkImage(plan: Pick<Plan, 'image'>, used: ImageRecord, policy: Policy): PolicyViolation[] {
  const allowed = digestsFor(plan, policy);
  if (allowed === undefined || hasDigest(used, allowed)) return [];
  const what = `${JSON.stringify(plan.image)} is ${[used.id, ...used.digests].join(', ')}`;
  return [{ rule: 'images', problem: `${what}; allowed: ${allowed.join(', ')}` }];
}

export function ofImage(image: string, { images, requireDigest }: Policy): PolicyViolation[] {
  const judgement = images === undefined ? undefined : judgeImage(image, images);
  const isPinned = image === 'self' || isImageId(image) || parseReference(image).digest !== undefined;
  return [
    ...(judgement?.allowed === false ? [{ rule: 'images', problem: judgement.why }] : []),
    ...(requireDigest && !isPinned
      ? [{ rule: 'requireDigest', problem: `${JSON.stringify(image)} has no digest; expected NAME@sha256:…` }]
      : []),
  ];
}

function ofInheritance({ inherit }: Plan, { inherit: most, inheritText }: Policy): PolicyViolation[] {
  const more = most === undefined ? [] : beyond(inherit, most);
  if (more.length === 0) return [];
  const problem = `OFFSHOOT_INHERIT asks for ${more.join(', ')}; allowed at most: ${JSON.stringify(inheritText)}`;
  return [{ rule: 'inherit', problem }];
}

function ofRuntime({ runtime }: Plan, policy: Policy): PolicyViolation[] {
  if (runtime === 'auto') return [];
  return ofKind(runtime === 'containerd' ? 'nerdctl' : runtime, policy);
}

export function ofKind(kind: string, { runtimes }: Policy): PolicyViolation[] {
  if (runtimes === undefined || runtimes.includes(kind)) return [];
  return [{ rule: 'runtimes', problem: `"${kind}" is not allowed; allowed: ${runtimes.join(', ') || 'none'}` }];
}

/** Those that are set, by their names. */
export function ofVariables(names: readonly string[], { env }: Policy): PolicyViolation[] {
  if (env === undefined) return [];
  const isAllowed = globTest(env);
  return names
    .filter((name) => !isAllowed(name))
    .map((name) => ({
      rule: 'env',
      problem: `the variable ${name} may not be set; allowed: ${env.join(', ') || 'none'}`,
    }));
}

export function nameOf(entry: string): string {
  return entry.split('=', 1)[0] ?? '';
}
