import { fieldOf } from '../runtime/fields.ts';
import type { ContainerSettings, SettingName } from '../runtime/settings.ts';

/** A setting of self that its sibling does not get. Never holds the value of a variable. */
export interface LeftOut {
  /** `env HOSTNAME`, `label com.example`, `HostConfig.CapAdd` … */
  readonly setting: string;
  readonly reason: string;
}

/** What a part of the clone gives, and what it does not. */
export interface Part {
  readonly settings: ContainerSettings;
  readonly leftOut: readonly LeftOut[];
}

/** The reason that is our own shortcoming: people are warned of it. */
export const unknownHere = 'this version does not know it';

export function leave(setting: SettingName, reason: string): LeftOut {
  return { setting: fieldOf.get(setting) ?? setting, reason };
}
