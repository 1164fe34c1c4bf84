import { logLevels } from '../events.ts';
import { parseConditions, splitConditions, withoutQueries } from './conditions.ts';
import { parseGlobs, splitGlobs } from './globs.ts';
import { groups } from './inherit.ts';
import { mergeLabels, parseLabel } from './labels.ts';
import { listOf } from './lists.ts';
import { mergeMounts, parseMount } from './mounts.ts';
import { mergeNetworks, parseNetwork } from './networks.ts';
import { mergePorts, parsePort } from './ports.ts';
import * as value from './values.ts';
import type { RequestKey, Table, Variable } from './variable-types.ts';
import { parseItems } from './words.ts';

export type * from './variable-types.ts';

/** The one table of variables: it feeds the parser, `--help`, the README and their test. */
export const variables: Table = {
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
    secret: true,
  },
  entrypoint: {
    name: 'OFFSHOOT_ENTRYPOINT',
    placeholder: 'WORDS',
    default: "the image's",
    meaning: 'entrypoint of the sibling: JSON array (`[]` clears it), or shell words',
    schema: value.words,
    secret: true,
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
  when: {
    name: 'OFFSHOOT_WHEN',
    placeholder: 'CONDITION',
    default: '–',
    meaning:
      'start it when this holds, and not before its time: `exited:self`, `exited:NAME`, `healthy:NAME`, `tcp:HOST:PORT`, `http://HOST/PATH`, `file:PATH` (of ours); several by comma: all of them',
    schema: listOf(parseConditions, (conditions) => conditions.flat()),
    list: splitConditions,
    shown: withoutQueries,
  },
  whenTimeout: {
    name: 'OFFSHOOT_WHEN_TIMEOUT',
    placeholder: 'TIME',
    default: '10m',
    meaning: 'wait no longer than this for the conditions, counted from the launch, or from its time where it has one',
    schema: value.duration,
  },
  whenElse: {
    name: 'OFFSHOOT_WHEN_ELSE',
    placeholder: 'WHAT',
    default: 'abort',
    meaning: 'then `abort` (the sibling is removed), or `launch` it all the same',
    schema: value.oneOf('abort', 'launch'),
  },
  runtime: {
    name: 'OFFSHOOT_RUNTIME',
    placeholder: 'NAME',
    default: 'auto',
    meaning: '`auto`, `docker`, `podman`, or `nerdctl` (the same as `containerd`)',
    schema: value.oneOf('auto', 'docker', 'podman', 'nerdctl', 'containerd'),
  },
  namespace: {
    name: 'OFFSHOOT_NAMESPACE',
    placeholder: 'NAME',
    default: "self's own, else `default`",
    meaning: "containerd's namespace, which has images and containers of its own",
    schema: value.namespace,
  },
  host: {
    name: 'OFFSHOOT_HOST',
    placeholder: 'WHEN',
    default: 'auto',
    meaning:
      'run nerdctl on the host, by nsenter (needs `--privileged --pid host`): `auto` (when this container has none), `always`, `never`',
    schema: value.oneOf('auto', 'always', 'never'),
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
  platform: {
    name: 'OFFSHOOT_PLATFORM',
    placeholder: 'PLATFORM',
    default: "the engine's",
    meaning: 'platform of the image: `os/architecture[/variant]`, as `linux/arm64`',
    schema: value.platform,
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
    meaning: `what the sibling gets of self: \`all\` (\`restart\` only by name), \`safe\` (nothing that could harm the host), \`none\`, or groups, each also as \`-group\`: \`${groups.join(',')}\``,
    schema: value.inheritance,
  },
  dropEnv: {
    name: 'OFFSHOOT_DROP_ENV',
    placeholder: 'GLOB',
    default: '–',
    meaning: "names of self's variables that the sibling does not get, as globs: `AWS_*,*_TOKEN`",
    schema: listOf(parseGlobs, (globs) => globs.flat()),
    list: splitGlobs,
  },
  keepEnv: {
    name: 'OFFSHOOT_KEEP_ENV',
    placeholder: 'GLOB',
    default: '–',
    meaning: "names of self's variables that alone the sibling gets, as globs; dropping comes after",
    schema: listOf(parseGlobs, (globs) => globs.flat()),
    list: splitGlobs,
  },
  network: {
    name: 'OFFSHOOT_NETWORK',
    placeholder: 'NET',
    default: '–',
    meaning:
      "more networks: `NAME`, or `name=NET,alias=A,ip=…,ip6=…,driver-opt=K=V,gw-priority=N`; or in place of self's: `host`, `none`, `container:NAME`",
    schema: listOf(parseNetwork, mergeNetworks),
    list: parseItems,
  },
  publish: {
    name: 'OFFSHOOT_PUBLISH',
    placeholder: 'PORT',
    default: '–',
    meaning: 'ports for the host to give on: `80`, `8080:80`, `127.0.0.1:8080:80/udp`, `8000-8010:8000-8010`',
    schema: listOf(parsePort, mergePorts),
    list: parseItems,
  },
  mount: {
    name: 'OFFSHOOT_MOUNT',
    placeholder: 'MOUNT',
    default: '–',
    meaning:
      "mounts, as `docker run -v` or `--mount` takes them; source paths are **ours**, not the host's: `./data:/data:ro`",
    schema: listOf(parseMount, mergeMounts),
    list: parseItems,
  },
  label: {
    name: 'OFFSHOOT_LABEL',
    placeholder: 'NAME=VALUE',
    default: '–',
    meaning: 'labels of the sibling: `name=value`',
    schema: listOf(parseLabel, mergeLabels),
    list: parseItems,
    secret: true,
  },
  restart: {
    name: 'OFFSHOOT_RESTART',
    placeholder: 'POLICY',
    default: 'no',
    meaning: 'when the engine starts it again: `no`, `always`, `unless-stopped`, `on-failure[:N]`',
    schema: value.restart,
  },
  autoRemove: {
    name: 'OFFSHOOT_AUTO_REMOVE',
    default: 'false',
    meaning: 'the engine removes the sibling when it has ended',
    schema: value.boolean,
  },
  ready: {
    name: 'OFFSHOOT_READY',
    placeholder: 'STATE',
    default: 'started',
    meaning: 'what success means: `started`, `running` (still after 2 s), `healthy`, `exited:0`',
    schema: value.readiness,
  },
  readyTimeout: {
    name: 'OFFSHOOT_READY_TIMEOUT',
    placeholder: 'TIME',
    default: '60s',
    meaning: 'wait no longer than this for it, counted from the start of the sibling',
    schema: value.duration,
  },
  statusFile: {
    name: 'OFFSHOOT_STATUS_FILE',
    placeholder: 'PATH',
    default: '–',
    meaning: 'a file of **ours** that tells as JSON what has become of the launch, also when a waiter carries it out',
    schema: value.filePath,
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

export const requestKeys: readonly RequestKey[] = Object.keys(variables) as RequestKey[];

/** Variables of ours that are no setting of a request. */
export const otherVariables: readonly { name: string; meaning: string }[] = [
  { name: 'OFFSHOOT_ENV_X', meaning: 'sets `X` in the sibling' },
  { name: 'OFFSHOOT_COMPAT', meaning: '`waitdaemon`: be a drop-in for it (set by the image)' },
];

export function flagOf({ name }: Variable<unknown>): string {
  return name.slice('OFFSHOOT_'.length).toLowerCase().replaceAll('_', '-'); // `OFFSHOOT_DRY_RUN` → `dry-run`
}
