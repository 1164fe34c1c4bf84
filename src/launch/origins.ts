import { nameOf } from '../clone/env.ts';
import { withoutSecrets } from './conceal.ts';
import type { Plan } from '../plan/plan.ts';
import { fieldOf } from '../runtime/fields.ts';
import type { ContainerSpec, ContainerSettings, ImageConfig, SettingName } from '../runtime/container.ts';

/** One setting of the sibling, and where it comes from. */
export interface ExplainedSetting {
  /** `env PATH`, `label com.example`, `network front`, `HostConfig.CapAdd` … */
  readonly setting: string;
  /** Missing where it is not shown: the value of a variable or a label. */
  readonly value?: unknown;
  /** `self`, `the image of self`, `the image of the sibling`, `offshoot`, or the name of a variable of ours. */
  readonly origin: string;
}

export interface OriginInput {
  readonly spec: ContainerSpec;
  readonly plan: Plan;
  /** The images give what the spec does not say. */
  readonly selfImage: ImageConfig | undefined;
  readonly image: ImageConfig | undefined;
  readonly sameImage: boolean;
  readonly showValues: boolean;
}

/** Every setting of the sibling; those with many members by member. */
export function explainSettings(input: OriginInput): ExplainedSetting[] {
  const { spec, plan, image, sameImage, showValues } = input;
  const ofSelf = 'the image of self';
  const { env = [], labels = {}, networks = {}, mounts = [], override = {}, ...rest } = spec;
  const selfImage = sameImage ? input.selfImage : undefined;
  const shown = (name: string, value: unknown): unknown => (showValues ? value : withoutSecrets(name, value));
  return [
    ...Object.entries(rest).flatMap(([name, value]) => {
      const setting = fieldOf.get(name as SettingName);
      if (setting === undefined || value === undefined) return [];
      const same = JSON.stringify(value) === JSON.stringify(selfImage?.[name as keyof ImageConfig]);
      return [
        {
          setting,
          value: shown(name, value),
          origin: askedBy(name as SettingName, spec, plan) ?? (same ? ofSelf : 'self'),
        },
      ];
    }),
    ...env.map((entry) => {
      const name = nameOf(entry);
      const asked = plan.env.some((given) => nameOf(given) === name);
      const origin = asked ? `OFFSHOOT_ENV_${name}` : selfImage?.env?.includes(entry) ? ofSelf : 'self';
      return { setting: `env ${name}`, ...(showValues && { value: entry.slice(name.length + 1) }), origin };
    }),
    ...Object.entries(labels).map(([name, value]) => {
      const own = name.startsWith('io.offshoot.') ? 'offshoot' : undefined;
      const asked = plan.labels[name] === undefined ? undefined : 'OFFSHOOT_LABEL';
      const inherited = selfImage?.labels?.[name] === value ? ofSelf : 'self';
      const isShown = showValues || own !== undefined;
      return { setting: `label ${name}`, ...(isShown && { value }), origin: own ?? asked ?? inherited };
    }),
    ...Object.entries(networks).map(([name, value]) => {
      const asked = plan.networks.some((network) => network.name === name);
      return {
        setting: `network ${name}`,
        value: shown('networks', value),
        origin: asked ? 'OFFSHOOT_NETWORK' : 'self',
      };
    }),
    ...mounts.map((value) => {
      const asked = plan.mounts.some(({ target }) => target === value.target);
      return {
        setting: `mount ${value.target}`,
        value: shown('mounts', value),
        origin: asked ? 'OFFSHOOT_MOUNT' : 'self',
      };
    }),
    ...ofImage(spec, image),
    ...Object.entries(override).map(([name, value]) => ({
      setting: name,
      ...(showValues && { value }),
      origin: 'OFFSHOOT_OVERRIDE',
    })),
  ];
}

function askedBy(setting: SettingName, spec: ContainerSettings, plan: Plan): string | undefined {
  const asked: Partial<Record<SettingName, [value: unknown, variable: string]>> = {
    command: [plan.command, 'OFFSHOOT_COMMAND'],
    entrypoint: [plan.entrypoint, 'OFFSHOOT_ENTRYPOINT'],
    restartPolicy: [plan.restart, 'OFFSHOOT_RESTART'],
    autoRemove: [plan.autoRemove || undefined, 'OFFSHOOT_AUTO_REMOVE'],
    publishedPorts: [plan.publish, 'OFFSHOOT_PUBLISH'],
    networkMode: [plan.networks.find(({ name }) => name === spec.networkMode), 'OFFSHOOT_NETWORK'],
  };
  const [value, variable] = asked[setting] ?? [];
  return value === undefined ? undefined : variable;
}

const shownOfImage = ['entrypoint', 'command', 'user', 'workingDir', 'healthcheck', 'stopSignal'] as const;

function ofImage(spec: ContainerSettings, image: ImageConfig | undefined): ExplainedSetting[] {
  // An image's command is an argument of its own entrypoint: with another one it does not count.
  const names = shownOfImage.filter((name) => name !== 'command' || spec.entrypoint === undefined);
  return names.flatMap((name) => {
    const value = image?.[name];
    if (value === undefined || spec[name] !== undefined) return [];
    return [{ setting: fieldOf.get(name) ?? name, value, origin: 'the image of the sibling' }];
  });
}
