import { InvalidRequestError, type RequestMistake } from '../errors.ts';
import { type Compat, compatOf } from './compat.ts';
import type { Condition } from './conditions.ts';
import { contradictions } from './contradictions.ts';
import { type Inheritance, inheritAll } from './inherit.ts';
import type { Environment, PlanInput } from './input.ts';
import type { Labels } from './labels.ts';
import type { MountAddition } from './mounts.ts';
import { nearest } from './nearest.ts';
import type { NetworkAddition } from './networks.ts';
import type { PublishedPort } from './ports.ts';
import { type KeyedMistake, readValue } from './read.ts';
import type { Readiness } from './readiness.ts';
import type { RestartPolicy } from './restart.ts';
import {
  type HostPreference,
  otherVariables,
  type PullPolicy,
  type RequestKey,
  requestKeys,
  type RequestValues,
  type RuntimePreference,
  variables,
  type WhenElse,
} from './variables.ts';

export type { Environment, PlanInput } from './input.ts';

/** The checked request, before anything is asked of an engine. */
export interface Plan {
  /** Reference, digest, id, or `self`. */
  readonly image: string;
  readonly command: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  /** Milliseconds from the launch on, or a time of the wall clock. */
  readonly start: { readonly afterMs: number } | { readonly at: Date };
  /** All of them must hold as well. */
  readonly when: readonly Condition[];
  /** From `start` on. */
  readonly whenTimeoutMs: number;
  readonly whenElse: WhenElse;
  readonly runtime: RuntimePreference;
  /** Of containerd; missing: self's own. */
  readonly namespace: string | undefined;
  readonly host: HostPreference;
  readonly pull: PullPolicy;
  readonly pullTimeoutMs: number;
  /** `os/architecture[/variant]` of the image; missing: the engine's own. */
  readonly platform: string | undefined;
  readonly name: string | undefined;
  readonly inherit: Inheritance;
  /** Globs over names of self's variables: where there are any, only what they match is inherited. */
  readonly keepEnv: readonly string[] | undefined;
  /** Globs over names of self's variables that are not inherited, of those that are kept. */
  readonly dropEnv: readonly string[];
  /** `NAME=value`, added to what is inherited. */
  readonly env: readonly string[];
  /** Networks to be in, or one mode in their place. */
  readonly networks: readonly NetworkAddition[];
  readonly publish: readonly PublishedPort[];
  /** Their sources are paths of ours, not of the engine's host. */
  readonly mounts: readonly MountAddition[];
  readonly labels: Labels;
  /** Missing: self's own where that is inherited by name, else none. */
  readonly restart: RestartPolicy | undefined;
  readonly autoRemove: boolean;
  readonly ready: Readiness;
  /** From the start of the sibling on. */
  readonly readyTimeoutMs: number;
  /** A path of ours. */
  readonly statusFile: string | undefined;
  readonly attach: boolean;
  readonly key: string | undefined;
  readonly override: Readonly<Record<string, unknown>> | undefined;
  readonly dryRun: boolean;
  /** Id or name that the user gave for the container we run in. */
  readonly self: string | undefined;
  /** The tool that we stand in for decides which variables are control variables. */
  readonly compat: Compat;
}

const minuteMs = 60_000;
const envPrefix = 'OFFSHOOT_ENV_';

/**
 * Flags win over variables, variables over the files that `…_FILE` name.
 * @throws InvalidRequestError with every mistake that was made
 */
export function parsePlan(input: PlanInput): Plan {
  const mistakes: KeyedMistake[] = [];
  const compat = compatOf(input.env['OFFSHOOT_COMPAT']);
  if (compat === undefined) throw unknownCompat(input.env['OFFSHOOT_COMPAT']);

  const values: Partial<RequestValues> = {};
  for (const key of requestKeys) readValue(key, { input, compat, values, mistakes });
  if (values.image === undefined && !mistakes.some(({ key }) => key === 'image')) {
    mistakes.push({
      key: 'image',
      name: sourceName('image', compat),
      problem: 'is not set; expected the image of the sibling',
    });
  }
  if (input.command !== undefined && input.flags?.command !== undefined)
    mistakes.push({ name: '--command', problem: 'the words after -- are a command as well; expected one of the two' });
  mistakes.push(...unknownVariables(input.env), ...badEnvNames(input.env), ...contradictions(values, input.now));
  if (mistakes.length > 0 || values.image === undefined) {
    throw new InvalidRequestError(mistakes.map(({ name, problem }) => ({ name, problem })));
  }

  return {
    image: values.image,
    command: input.command ?? values.command,
    entrypoint: values.entrypoint,
    start: values.at === undefined ? { afterMs: values.delay ?? 0 } : { at: values.at },
    when: values.when ?? [],
    whenTimeoutMs: values.whenTimeout ?? 10 * minuteMs,
    whenElse: values.whenElse ?? 'abort',
    runtime: values.runtime ?? 'auto',
    namespace: values.namespace,
    host: values.host ?? 'auto',
    pull: values.pull ?? 'missing',
    pullTimeoutMs: values.pullTimeout ?? 15 * minuteMs,
    platform: values.platform,
    name: values.name,
    inherit: values.inherit ?? input.inherit ?? inheritAll,
    keepEnv: values.keepEnv,
    dropEnv: values.dropEnv ?? [],
    env: addedEnv(input.env),
    networks: values.network ?? [],
    publish: values.publish ?? [],
    mounts: values.mount ?? [],
    labels: values.label ?? {},
    restart: values.restart,
    autoRemove: values.autoRemove ?? false,
    ready: values.ready ?? { is: 'started' },
    readyTimeoutMs: values.readyTimeout ?? minuteMs,
    statusFile: values.statusFile,
    attach: values.attach ?? false,
    key: values.key,
    override: values.override,
    dryRun: values.dryRun ?? false,
    self: values.self,
    compat,
  };
}

/** A mistyped variable would be ignored without a word; it is refused instead. */
function unknownVariables(env: Environment): RequestMistake[] {
  const known = [...requestKeys.map((key) => variables[key].name), ...otherVariables.map(({ name }) => name)];
  return Object.entries(env).flatMap(([name, text]) => {
    if (!text || !name.startsWith('OFFSHOOT_') || name.startsWith(envPrefix)) return [];
    if (known.includes(name) || known.includes(name.replace(/_FILE$/, ''))) return [];
    const near = nearest(name, known);
    return [{ name, problem: `is no variable of this version${near === undefined ? '' : `; did you mean ${near}?`}` }];
  });
}

function addedEnv(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, text]) =>
    name.startsWith(envPrefix) && text !== undefined ? [`${name.slice(envPrefix.length)}=${text}`] : [],
  );
}

/** Names that no variable can have. */
function badEnvNames(env: Environment): RequestMistake[] {
  return Object.keys(env).flatMap((name) => {
    const added = name.startsWith(envPrefix) && env[name] !== undefined ? name.slice(envPrefix.length) : 'none';
    if (added === '') return [{ name, problem: `names no variable; expected ${envPrefix}NAME` }];
    return added.includes('=') ? [{ name, problem: 'has a = in the name, which no variable can have' }] : [];
  });
}

function sourceName(key: RequestKey, compat: Compat): string {
  return compat.stands[key]?.name ?? variables[key].name;
}

function unknownCompat(text: string | undefined): InvalidRequestError {
  return new InvalidRequestError([{ name: 'OFFSHOOT_COMPAT', problem: `"${text}": expected waitdaemon, or nothing` }]);
}
