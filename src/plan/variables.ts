import type * as z from 'zod';
import { type LogLevel, logLevels } from '../events.ts';
import * as value from './values.ts';

/** What can be asked for, by the names that the code uses. A missing one has its default. */
export interface RequestValues {
  image: string;
  command: readonly string[];
  entrypoint: readonly string[];
  delay: number;
  at: Date;
  runtime: RuntimePreference;
  pull: PullPolicy;
  pullTimeout: number;
  name: string;
  inherit: Inheritance;
  attach: boolean;
  key: string;
  override: Readonly<Record<string, unknown>>;
  dryRun: boolean;
  self: string;
  log: LogFormat;
  logLevel: LogLevel;
}

export type RuntimePreference = 'auto' | 'docker' | 'podman' | 'nerdctl' | 'containerd';
export type PullPolicy = 'missing' | 'always' | 'never';
export type Inheritance = 'all' | 'none';
export type LogFormat = 'auto' | 'text' | 'json';

export interface Variable<T> {
  readonly name: `OFFSHOOT_${string}`;
  readonly meaning: string;
  /** As the help and the README show it. */
  readonly default: string;
  readonly schema: z.ZodType<T, string>;
  /** What the flag's value is called in the help; a flag without one needs no value. */
  readonly placeholder?: string;
  /** Its value is not repeated in messages. */
  readonly secret?: boolean;
}

/** The one table of variables: it feeds the parser, `--help`, the README and their test. */
export const variables: { readonly [K in keyof RequestValues]: Variable<RequestValues[K]> } = {
  image: {
    name: 'OFFSHOOT_IMAGE',
    placeholder: 'REF',
    default: '–',
    meaning: 'image of the sibling: reference, digest, id, or `self`. The trigger',
    schema: value.image,
  },
  command: {
    name: 'OFFSHOOT_COMMAND',
    placeholder: 'WORDS',
    default: "self's arguments, else the image's",
    meaning: 'command of the sibling: JSON array, or shell words',
    schema: value.words,
  },
  entrypoint: {
    name: 'OFFSHOOT_ENTRYPOINT',
    placeholder: 'WORDS',
    default: "the image's",
    meaning: 'entrypoint of the sibling: JSON array (`[]` clears it), or shell words',
    schema: value.words,
  },
  delay: {
    name: 'OFFSHOOT_DELAY',
    placeholder: 'TIME',
    default: '0',
    meaning: 'start it so much later: `10`, `10s`, `1m30s`, `500ms`',
    schema: value.duration,
  },
  at: {
    name: 'OFFSHOOT_AT',
    placeholder: 'TIME',
    default: '–',
    meaning: 'start it at this RFC 3339 time',
    schema: value.time,
  },
  runtime: {
    name: 'OFFSHOOT_RUNTIME',
    placeholder: 'NAME',
    default: 'auto',
    meaning: '`auto` or `docker`',
    schema: value.oneOf('auto', 'docker', 'podman', 'nerdctl', 'containerd'),
  },
  pull: {
    name: 'OFFSHOOT_PULL',
    placeholder: 'POLICY',
    default: 'missing',
    meaning: 'when to pull the image: `missing`, `always`, `never`',
    schema: value.oneOf('missing', 'always', 'never'),
  },
  pullTimeout: {
    name: 'OFFSHOOT_PULL_TIMEOUT',
    placeholder: 'TIME',
    default: '15m',
    meaning: 'give a pull up after so long',
    schema: value.duration,
  },
  name: {
    name: 'OFFSHOOT_NAME',
    placeholder: 'NAME',
    default: "from self's name and the key",
    meaning: 'name of the sibling',
    schema: value.containerName,
  },
  inherit: {
    name: 'OFFSHOOT_INHERIT',
    placeholder: 'WHAT',
    default: 'all',
    meaning: 'what the sibling gets of self: `all` or `none`',
    schema: value.oneOf('all', 'none'),
  },
  attach: {
    name: 'OFFSHOOT_ATTACH',
    default: 'false',
    meaning: 'stay: stream its output, pass signals on, end with its exit status',
    schema: value.boolean,
  },
  key: {
    name: 'OFFSHOOT_KEY',
    placeholder: 'KEY',
    default: "from self's id and the request",
    meaning: 'the same key never launches twice',
    schema: value.key,
  },
  override: {
    name: 'OFFSHOOT_OVERRIDE',
    placeholder: 'JSON',
    default: '–',
    meaning: "JSON object merged over the engine's create request, last (RFC 7396)",
    schema: value.jsonObject,
    secret: true,
  },
  dryRun: {
    name: 'OFFSHOOT_DRY_RUN',
    default: 'false',
    meaning: 'say what would be done, do nothing',
    schema: value.boolean,
  },
  self: {
    name: 'OFFSHOOT_SELF',
    placeholder: 'ID',
    default: '–',
    meaning: 'id or name of the container we run in; still proved',
    schema: value.containerName,
  },
  log: {
    name: 'OFFSHOOT_LOG',
    placeholder: 'FORMAT',
    default: 'auto',
    meaning: '`auto` (text on a terminal, else JSON lines), `text`, `json`',
    schema: value.oneOf('auto', 'text', 'json'),
  },
  logLevel: {
    name: 'OFFSHOOT_LOG_LEVEL',
    placeholder: 'LEVEL',
    default: 'info',
    meaning: '`debug`, `info`, `warn`, `error`',
    schema: value.oneOf(...logLevels),
  },
};

export type RequestKey = keyof RequestValues;
export const requestKeys: readonly RequestKey[] = Object.keys(variables) as RequestKey[];

/** Variables of ours that are no setting of a request. */
export const otherVariables: readonly { name: string; meaning: string }[] = [
  { name: 'OFFSHOOT_ENV_X', meaning: 'sets `X` in the sibling' },
  { name: 'OFFSHOOT_COMPAT', meaning: '`waitdaemon`: be a drop-in for it (set by the image)' },
];

/** Variables that the engine's own tools know, read as they read them. */
export const engineVariables: readonly { name: string; meaning: string }[] = [
  { name: 'DOCKER_HOST', meaning: "the engine's address: `unix:///path` or `tcp://host:port`" },
  { name: 'DOCKER_TLS_VERIFY', meaning: 'any value: talk TLS to a `tcp://` address and verify it' },
  { name: 'DOCKER_CERT_PATH', meaning: 'folder with `ca.pem`, `cert.pem` and `key.pem`' },
  { name: 'DOCKER_API_VERSION', meaning: 'speak this version of the API instead of negotiating one' },
];

/** `OFFSHOOT_DRY_RUN` → `dry-run` */
export function flagOf({ name }: Variable<unknown>): string {
  return name.slice('OFFSHOOT_'.length).toLowerCase().replaceAll('_', '-');
}
