import { type RequestKey, requestKeys } from './variables.ts';

/** What `offshoot plan --as` can be told to write. */
export const planFormats = ['docker-run', 'compose', 'json'] as const;
export type PlanFormat = (typeof planFormats)[number];

export type Verb = 'launch' | 'plan' | 'self' | 'path' | 'sweep';
export type OwnFlagName = 'as' | 'show-values' | 'json' | 'older-than';

/** A flag that is no variable: it only says how to tell something. */
interface OwnFlag {
  readonly meaning: string;
  /** What its value is called in the help; a flag without one needs no value. */
  readonly placeholder?: string;
}

export const ownFlags: Readonly<Record<OwnFlagName, OwnFlag>> = {
  as: { placeholder: 'FORMAT', meaning: `write it as one of ${planFormats.join(', ')}` },
  'show-values': { meaning: 'show the values of variables, which may be secrets' },
  json: { meaning: 'write JSON' },
  'older-than': { placeholder: 'TIME', meaning: 'leave what is younger (10m)' },
};

interface VerbDescription {
  readonly meaning: string;
  /** The word that it takes beside flags. */
  readonly word?: 'IMAGE' | 'PATH';
  /** Does it take a command after `--`? */
  readonly command: boolean;
  /** The variables whose flags it takes. */
  readonly keys: readonly RequestKey[];
  readonly ownFlags: readonly OwnFlagName[];
}

const findingSelf: readonly RequestKey[] = ['self', 'runtime', 'namespace', 'host', 'log', 'logLevel'];

/** The one table of verbs: it feeds the parser and `--help`. */
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
    ownFlags: ['as', 'show-values'],
  },
  self: {
    meaning: 'which container is this, with the evidence',
    command: false,
    keys: findingSelf,
    ownFlags: [],
  },
  path: {
    meaning: "our path → the path on the engine's host",
    word: 'PATH',
    command: false,
    keys: findingSelf,
    ownFlags: ['json'],
  },
  sweep: {
    meaning: 'remove what killed launches have left behind',
    command: false,
    keys: ['runtime', 'namespace', 'host', 'dryRun', 'log', 'logLevel'],
    ownFlags: ['older-than', 'json'],
  },
};
export const verbNames: readonly Verb[] = Object.keys(verbs) as Verb[];
