import { cutField } from './csv.ts';
import { firstTwice } from './lists.ts';

export type Labels = Readonly<Record<string, string>>;

/** By labels of this name offshoot finds what it has made, and what it may remove. */
const ours = 'io.offshoot.';

/**
 * `name=value`. The messages do not repeat the text: where the `=` is missing it can be a part of somebody's secret.
 * @throws Error with the problem
 */
export function parseLabel(text: string): readonly [name: string, value: string] {
  const [name, value] = cutField(text);
  if (value === undefined) throw new Error('has no =; expected name=value (name= for an empty value)');
  if (name === '') throw new Error('has no name; expected name=value');
  if (/[\s\p{Cc}]/u.test(name)) throw new Error('has white space in its name; expected name=value');
  if (name.startsWith(ours)) throw new Error(`the name ${name} is taken: ${ours}… are labels of offshoot itself`);
  return [name, value];
}

/** @throws Error where a name is there twice */
export function mergeLabels(labels: readonly (readonly [name: string, value: string])[]): Labels {
  const twice = firstTwice(labels, ([name]) => name);
  if (twice !== undefined) throw new Error(`the label ${twice[0]} is given twice`);
  return Object.fromEntries(labels);
}
