import { nearest } from './nearest.ts';

/** The groups that settings of self are inherited by. `restart` is inherited only by name. */
export const groups = [
  'env',
  'mounts',
  'network',
  'privileges',
  'namespaces',
  'devices',
  'limits',
  'labels',
  'restart',
  'health',
  'logging',
  'user',
  'workdir',
  'tty',
  'process',
] as const;
export type Group = (typeof groups)[number];

/** What a sibling gets of self. */
export interface Inheritance {
  readonly groups: readonly Group[];
  /** Whatever could harm the host stays behind. */
  readonly safe: boolean;
  /** Self's command and entrypoint; false only for `none`. */
  readonly command: boolean;
}

const bases = ['all', 'safe', 'none'] as const;
const allByDefault = groups.filter((group) => group !== 'restart');

export const inheritAll: Inheritance = { groups: allByDefault, safe: false, command: true };

/**
 * `all`, `safe`, `none`, or groups by comma, each also as `-group`: what stands further right counts. Groups alone
 * are all that is inherited; `-group` alone is all but that.
 * @throws Error with the problem
 */
export function parseInheritance(text: string): Inheritance {
  const words = text.split(',').map((word) => word.trim());
  const [first = '', ...rest] = words;
  const base = bases.find((word) => word === first);
  const inherited = new Set<Group>(
    base === 'none' || (base === undefined && !first.startsWith('-')) ? [] : allByDefault,
  );
  for (const word of base === undefined ? words : rest) {
    const group = groups.find((name) => name === word.replace(/^-/, ''));
    if (group === undefined) throw new Error(problemOf(word));
    if (word.startsWith('-')) inherited.delete(group);
    else inherited.add(group);
  }
  return {
    groups: groups.filter((group) => inherited.has(group)),
    safe: base === 'safe',
    command: base !== 'none',
  };
}

function problemOf(word: string): string {
  if (bases.some((base) => base === word)) return `"${word}" stands first or not at all`;
  const sign = word.startsWith('-') ? '-' : '';
  const near = nearest(word.slice(sign.length).toLowerCase(), [...groups, ...(sign === '' ? bases : [])]);
  const hint = near === undefined ? '' : ` (did you mean ${sign}${near}?)`;
  return `"${word}" is no group${hint}; expected all, safe or none, or a list of ${groups.join(', ')}, each also as -group`;
}
