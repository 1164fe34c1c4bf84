import type * as z from 'zod';
import type { LogLevel } from '../events.ts';
import type { Condition } from './conditions.ts';
import type { Inheritance } from './inherit.ts';
import type { Labels } from './labels.ts';
import type { MountAddition } from './mounts.ts';
import type { NetworkAddition } from './networks.ts';
import type { PublishedPort } from './ports.ts';
import type { Readiness } from './readiness.ts';
import type { RestartPolicy } from './restart.ts';

/** What can be asked for, by the names that the code uses. A missing one has its default. */
export interface RequestValues extends SingleValues, ListValues {}

interface SingleValues {
  image: string;
  command: readonly string[];
  entrypoint: readonly string[];
  delay: number;
  at: Date;
  whenTimeout: number;
  whenElse: WhenElse;
  runtime: RuntimePreference;
  namespace: string;
  host: HostPreference;
  pull: PullPolicy;
  pullTimeout: number;
  platform: string;
  name: string;
  inherit: Inheritance;
  restart: RestartPolicy;
  autoRemove: boolean;
  ready: Readiness;
  readyTimeout: number;
  statusFile: string;
  attach: boolean;
  key: string;
  override: Readonly<Record<string, unknown>>;
  dryRun: boolean;
  self: string;
  log: LogFormat;
  logLevel: LogLevel;
}

interface ListValues {
  when: readonly Condition[];
  dropEnv: readonly string[];
  keepEnv: readonly string[];
  network: readonly NetworkAddition[];
  publish: readonly PublishedPort[];
  mount: readonly MountAddition[];
  label: Labels;
}

export type RuntimePreference = 'auto' | 'docker' | 'podman' | 'nerdctl' | 'containerd';
/** Is nerdctl run on the host of our container? */
export type HostPreference = 'auto' | 'always' | 'never';
export type PullPolicy = 'missing' | 'always' | 'never';
/** What becomes of the sibling when its conditions do not hold in time. */
export type WhenElse = 'abort' | 'launch';
export type LogFormat = 'auto' | 'text' | 'json';

interface VariableOf<T, Text> {
  readonly name: `OFFSHOOT_${string}`;
  readonly meaning: string;
  /** As the help and the README show it. */
  readonly default: string;
  readonly schema: z.ZodType<T, Text>;
  /** What the flag's value is called in the help; a flag without one needs no value. */
  readonly placeholder?: string;
  /** Its value is not repeated in messages. */
  readonly secret?: boolean;
  /** What messages repeat of its value, where not all of it. */
  readonly shown?: (text: string) => string;
}

interface SingleVariable<T> extends VariableOf<T, string> {
  readonly list?: undefined;
}

interface ListVariable<T> extends VariableOf<T, readonly string[]> {
  /** Splits the text of the variable into items. The flag may be repeated: each time it is one item, as it is. */
  readonly list: (text: string) => readonly string[];
}

export type Variable<T> = SingleVariable<T> | ListVariable<T>;

export type Table = { readonly [K in keyof SingleValues]: SingleVariable<SingleValues[K]> } & {
  readonly [K in keyof ListValues]: ListVariable<ListValues[K]>;
};

export type RequestKey = keyof RequestValues;
/** Whose flags may be repeated. */
export type ListKey = keyof ListValues;
