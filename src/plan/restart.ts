const names = ['no', 'always', 'unless-stopped', 'on-failure'] as const;

/** When the engine starts a container again that has ended. */
export interface RestartPolicy {
  readonly name: (typeof names)[number];
  /** Of `on-failure`: after so many times it gives up. Missing: never. */
  readonly maximumRetryCount?: number | undefined;
}

/**
 * `no`, `always`, `unless-stopped`, `on-failure[:N]`.
 * @throws Error with the problem
 */
export function parseRestart(text: string): RestartPolicy {
  const [word = '', ...counts] = text.split(':');
  const name = names.find((known) => known === word);
  if (name === undefined) throw new Error('expected one of: no, always, unless-stopped, on-failure[:N]');
  if (counts.length === 0) return { name };
  if (name !== 'on-failure') throw new Error('only on-failure takes a number of times: on-failure:3');
  if (!/^\d{1,9}$/.test(counts.join(':'))) throw new Error('expected on-failure:N with a whole number of times');
  return { name, maximumRetryCount: Number(counts[0]) };
}
