import { cloneSettings } from '../clone/clone.ts';
import type { CloneRequest } from '../clone/context.ts';
import type { LeftOut } from '../clone/left-out.ts';
import { powersOf } from '../clone/powers.ts';
import { globTest } from '../plan/globs.ts';
import { loginVariables } from '../plan/engine-variables.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRecord, ContainerSpec, ImageRecord, MountRequest } from '../runtime/container.ts';
import { generationAfter } from './generation.ts';
import { identityOf } from './key.ts';
import { label } from './labels.ts';
import { launcherPaths } from './paths.ts';

/** What will be asked of the engine for the sibling, and what people should know of it. */
export interface SiblingRequest {
  readonly spec: ContainerSpec;
  readonly key: string;
  readonly leftOut: readonly LeftOut[];
  /** Powerful things that are passed on. */
  readonly powers: readonly string[];
}

export interface SiblingInput {
  readonly plan: Plan;
  readonly self: ContainerRecord;
  /** What self's image gives, where the engine tells. */
  readonly selfImage: ImageRecord | undefined;
  readonly image: ImageRecord;
  /** Those that are asked for, with paths of the engine's host. */
  readonly mounts: readonly MountRequest[];
  /** Containers that self's settings name and that are no more. */
  readonly gone: ReadonlySet<string>;
  /** Milliseconds of the wall clock. */
  readonly now: number;
}

/**
 * Pure: the plan, self and the images become the sibling's spec.
 * @throws InvalidRequestError for a launcher that relaunches itself
 */
export function siblingRequest(input: SiblingInput): SiblingRequest {
  const { plan, self, selfImage, image, gone, now } = input;
  const sameImage = image.id === self.image.id;
  const request = cloneRequestOf(input);
  const { settings, leftOut } = cloneSettings({ self, selfImage: selfImage?.config, sameImage, request, gone });
  const { key, name } = identityOf(plan, self);
  return {
    spec: {
      ...settings,
      env: [...(settings.env ?? []), ...(sameImage ? neutralized(image, self, request.isControl) : [])],
      name,
      image: plan.image === 'self' ? image.id : plan.image,
      platform: plan.platform ?? (sameImage ? self.image.platform : undefined),
      labels: {
        ...settings.labels,
        [label.role]: 'sibling',
        [label.key]: key,
        [label.parent]: self.id,
        [label.generation]: String(generationAfter(self, now)),
      },
      override: plan.override,
    },
    key,
    leftOut,
    powers: powersOf(settings),
  };
}

function cloneRequestOf({ plan, mounts }: SiblingInput): CloneRequest {
  const { inherit, command, entrypoint, env, labels, networks, publish, restart, autoRemove, compat } = plan;
  const keeps = plan.keepEnv === undefined ? () => true : globTest(plan.keepEnv);
  const drops = globTest(plan.dropEnv);
  return {
    ...{ inherit, command, entrypoint, env, labels, networks, publish, mounts, restart, autoRemove, launcherPaths },
    keepsEnv: (name) => keeps(name) && !drops(name),
    isControl: (name) => name.startsWith('OFFSHOOT_') || loginVariables.includes(name) || compat.control.includes(name),
  };
}

/**
 * Control variables baked into our own image would make each sibling launch another one, for ever: empty means unset.
 * Where the engine does not tell the image's, they are among those of self.
 */
function neutralized(
  { config }: ImageRecord,
  { settings }: ContainerRecord,
  isControl: (name: string) => boolean,
): string[] {
  const names = ((config === undefined ? settings.env : config.env) ?? []).map((entry) => entry.split('=', 1)[0] ?? '');
  return names.filter(isControl).map((name) => `${name}=`);
}
