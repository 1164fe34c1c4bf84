import { type RequestKey, requestKeys } from './variables.ts';

/** What `offshoot plan --as` can be told to write. */
export const planFormats = ['docker-run', 'compose', 'json'] as const;
export type PlanFormat = (typeof planFormats)[number];

/** Whose completions `offshoot completion` writes. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** Those that make a sibling, or say how. */
export type LaunchVerb = 'launch' | 'plan';
/** Those that ask an engine, or us, about something; each has a file of its own in src/verbs. */
export type AskingVerb =
  | 'self'
  | 'path'
  | 'ps'
  | 'logs'
  | 'wait'
  | 'stop'
  | 'rm'
  | 'exec'
  | 'events'
  | 'pull'
  | 'sweep'
  | 'runtimes'
  | 'doctor'
  | 'completion';
export type Verb = LaunchVerb | AskingVerb;

export type OwnFlagName =
  | 'as'
  | 'show-values'
  | 'json'
  | 'older-than'
  | 'all'
  | 'quiet'
  | 'filter'
  | 'follow'
  | 'tail'
  | 'since'
  | 'signal'
  | 'time'
  | 'force'
  | 'interactive'
  | 'tty'
  | 'user'
  | 'workdir'
  | 'env'
  | 'type';

/** A flag that is no variable: it only says how to do something. */
interface OwnFlag {
  readonly meaning: string;
  /** What its value is called in the help; a flag without one needs no value. */
  readonly placeholder?: string;
  /** One letter that stands for it, as in docker's command line; another verb may have another one of the letter. */
  readonly short?: string;
  /** It may be repeated. */
  readonly list?: true;
  /** All that it can be, for completion. */
  readonly values?: readonly string[];
}

export const ownFlags: Readonly<Record<OwnFlagName, OwnFlag>> = {
  as: { placeholder: 'FORMAT', meaning: `write it as one of ${planFormats.join(', ')}`, values: planFormats },
  'show-values': { meaning: 'show the values of variables, which may be secrets' },
  json: { meaning: 'write JSON; of what goes on, a line for each piece' },
  'older-than': { placeholder: 'TIME', meaning: 'leave what is younger (10m)' },
  all: { short: 'a', meaning: 'every container, not only what offshoot has made' },
  quiet: { short: 'q', meaning: 'ids alone' },
  filter: { placeholder: 'LABEL[=VALUE]', list: true, meaning: 'only what bears this label' },
  follow: { short: 'f', meaning: 'go on until it ends' },
  tail: { short: 'n', placeholder: 'N', meaning: 'only the last so many lines' },
  since: { placeholder: 'TIME', meaning: 'only from then on: RFC 3339, or so long ago (10m)' },
  signal: { short: 's', placeholder: 'NAME', meaning: "end it by this signal (the container's own)" },
  time: { short: 't', placeholder: 'TIME', meaning: 'how long it may take to end (10s)' },
  force: { short: 'f', meaning: 'rm: also what runs; stop: kill what takes longer (--no-force: status 75)' },
  interactive: { short: 'i', meaning: 'give it our standard input' },
  tty: { short: 't', meaning: 'give it a terminal' },
  user: { short: 'u', placeholder: 'USER[:GROUP]', meaning: "as this user (the container's)" },
  workdir: { short: 'w', placeholder: 'PATH', meaning: "in this folder (the container's)" },
  env: { short: 'e', placeholder: 'NAME=VALUE', list: true, meaning: 'with this variable' },
  type: { placeholder: 'TYPE', list: true, meaning: 'events of this type (container), as image, network, volume' },
};

/** A word that a verb takes beside flags. */
export type Word = 'IMAGE' | 'PATH' | 'CONTAINER' | 'CONTAINER…' | 'SHELL';

interface VerbDescription {
  readonly meaning: string;
  readonly word?: Word;
  /** Does it take a command: after `--`, or, with `bare`, also without it? */
  readonly command: boolean | 'bare';
  /** The variables whose flags it takes. */
  readonly keys: readonly RequestKey[];
  readonly ownFlags: readonly OwnFlagName[];
}

const log: readonly RequestKey[] = ['log', 'logLevel'];
const engine: readonly RequestKey[] = ['runtime', 'namespace', 'host', ...log];
const findingSelf: readonly RequestKey[] = ['self', ...engine];

/** The one table of verbs: it feeds the parser, `--help`, the README and the completions. */
export const verbs: Readonly<Record<Verb, VerbDescription>> = {
  launch: {
    meaning: 'launch a sibling: docker run, as my sibling',
    word: 'IMAGE',
    command: true,
    keys: requestKeys,
    ownFlags: [],
  },
  plan: {
    meaning: 'say what would be done, do nothing',
    word: 'IMAGE',
    command: true,
    keys: requestKeys,
    ownFlags: ['as', 'json', 'show-values'],
  },
  self: {
    meaning: 'which container is this, with the evidence',
    command: false,
    keys: findingSelf,
    ownFlags: ['json'],
  },
  path: {
    meaning: "our path → the path on the engine's host",
    word: 'PATH',
    command: false,
    keys: findingSelf,
    ownFlags: ['json'],
  },
  ps: {
    meaning: 'what offshoot has made: siblings and waiters',
    command: false,
    keys: findingSelf,
    ownFlags: ['all', 'filter', 'quiet', 'json'],
  },
  logs: {
    meaning: 'what a container has said',
    word: 'CONTAINER',
    command: false,
    keys: findingSelf,
    ownFlags: ['follow', 'tail', 'since', 'json'],
  },
  wait: {
    meaning: 'until containers have ended; prints their statuses',
    word: 'CONTAINER…',
    command: false,
    keys: findingSelf,
    ownFlags: ['json'],
  },
  stop: {
    meaning: 'end containers',
    word: 'CONTAINER…',
    command: false,
    keys: findingSelf,
    ownFlags: ['signal', 'time', 'force', 'json'],
  },
  rm: {
    meaning: 'remove containers, and who waits to start them',
    word: 'CONTAINER…',
    command: false,
    keys: findingSelf,
    ownFlags: ['force', 'json'],
  },
  exec: {
    meaning: 'a command in a container; ends with its status',
    word: 'CONTAINER',
    command: 'bare',
    keys: findingSelf,
    ownFlags: ['interactive', 'tty', 'user', 'workdir', 'env', 'json'],
  },
  events: {
    meaning: 'what happens to what offshoot has made',
    command: false,
    keys: findingSelf,
    ownFlags: ['all', 'filter', 'type', 'since', 'json'],
  },
  pull: {
    meaning: 'have the engine get an image',
    word: 'IMAGE',
    command: false,
    keys: [...engine, 'platform', 'pull', 'pullTimeout'],
    ownFlags: ['json'],
  },
  sweep: {
    meaning: 'remove what killed launches have left behind',
    command: false,
    keys: ['runtime', 'namespace', 'host', 'dryRun', ...log],
    ownFlags: ['older-than', 'json'],
  },
  runtimes: {
    meaning: 'which engines are here, and what each can do',
    command: false,
    keys: ['namespace', 'host', ...log],
    ownFlags: ['json'],
  },
  doctor: {
    meaning: 'would a launch work: every check, why, how to mend it',
    command: false,
    keys: findingSelf,
    ownFlags: ['json'],
  },
  completion: {
    meaning: `completion for a shell: ${shells.join(', ')}`,
    word: 'SHELL',
    command: false,
    keys: log,
    ownFlags: [],
  },
};
export const verbNames: readonly Verb[] = Object.keys(verbs) as Verb[];
