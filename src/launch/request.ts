import { cloneSettings, powersOf } from '../clone/clone.ts';
import type { LeftOut } from '../clone/left-out.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRecord, ContainerSpec, ImageRecord } from '../runtime/container.ts';
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
}

/** Pure: the plan, self and the images become the sibling's spec. */
export function siblingRequest({ plan, self, selfImage, image }: SiblingInput): SiblingRequest {
  const isControl = controlTest(plan.compat.control);
  const sameImage = image.id === self.image.id;
  const { settings, leftOut } = cloneSettings({
    self,
    selfImage: selfImage?.config,
    sameImage,
    request: { ...plan, isControl, launcherPaths },
  });
  const { key, name } = identityOf(plan, self);
  const labels = { [label.role]: 'sibling', [label.key]: key, [label.parent]: self.id };
  return {
    spec: {
      ...settings,
      env: [...(settings.env ?? []), ...(sameImage ? neutralized(image, isControl) : [])],
      name,
      image: plan.image === 'self' ? image.id : plan.image,
      labels,
      override: plan.override,
    },
    key,
    leftOut,
    powers: powersOf(settings),
  };
}

function controlTest(ofOtherTool: readonly string[]): (name: string) => boolean {
  return (name) => name.startsWith('OFFSHOOT_') || ofOtherTool.includes(name);
}

/** Control variables baked into our own image would make each sibling launch another one, for ever: empty means unset. */
function neutralized({ config }: ImageRecord, isControl: (name: string) => boolean): string[] {
  const names = (config?.env ?? []).map((entry) => entry.split('=', 1)[0] ?? '');
  return names.filter(isControl).map((name) => `${name}=`);
}
