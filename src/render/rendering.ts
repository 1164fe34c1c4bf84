export interface RenderOptions {
  /** Otherwise no value of an environment variable is in the text: whoever runs it has them in his environment. */
  readonly showValues: boolean;
}

export interface Rendering {
  readonly text: string;
  /** What the text does not say, or not in the same way. Never a value: it may be a secret. */
  readonly notes: readonly string[];
}

export interface Note {
  readonly note: string;
}

export function isNote(said: object): said is Note {
  return 'note' in said;
}

export function notesOf(said: readonly object[]): string[] {
  return said.filter(isNote).map((one) => one.note);
}

/** `HostConfig.Cgroup: why` */
export function note(path: string, why: string): Note {
  return { note: `${path}: ${why}` };
}

export type Variable = readonly [name: string, value: string | undefined];

/** Of `NAME=value`. One without a value takes a variable of the image away. */
export function variablesOf(env: readonly string[]): readonly Variable[] {
  return env.map((entry) => {
    const at = entry.indexOf('=');
    return at === -1 ? [entry, undefined] : [entry.slice(0, at), entry.slice(at + 1)];
  });
}

export function notesOnVariables(variables: readonly Variable[], { showValues }: RenderOptions): Note[] {
  const given = variables.filter(([, value]) => value !== undefined);
  const taken = variables.filter(([, value]) => value === undefined);
  return [
    ...(given.length > 0 && !showValues
      ? [note('Env', 'values are not shown; each is taken from the environment in which this is run')]
      : []),
    ...taken.map(([name]) =>
      note('Env', `${name} is to be unset, and must not be in the environment in which this is run`),
    ),
  ];
}
