import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groups, inheritAll, parseInheritance } from '../../../src/plan/inherit.ts';

const byDefault = groups.filter((group) => group !== 'restart');
const without = (...left: readonly string[]): readonly string[] => byDefault.filter((group) => !left.includes(group));

describe('parseInheritance', () => {
  it.each([
    ['all', inheritAll],
    ['safe', { groups: byDefault, safe: true, command: true }],
    ['none', { groups: [], safe: false, command: false }],
    ['all,restart', { groups, safe: false, command: true }],
    ['all,-env,-mounts', { groups: without('env', 'mounts'), safe: false, command: true }],
    ['-labels', { groups: without('labels'), safe: false, command: true }],
    ['safe,-network', { groups: without('network'), safe: true, command: true }],
    ['none,env', { groups: ['env'], safe: false, command: false }],
    ['mounts , env', { groups: ['env', 'mounts'], safe: false, command: true }],
    ['env,-env', { groups: [], safe: false, command: true }],
    ['-env,env', { groups: byDefault, safe: false, command: true }],
  ])('%s', (text, expected) => {
    expect(parseInheritance(text)).toEqual(expected);
  });

  it('takes groups alone as all that is inherited, in whatever order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...groups], { minLength: 1 }), (some) => {
        const parsed = parseInheritance(some.join(','));
        expect(parsed.groups).toEqual(groups.filter((group) => some.includes(group)));
      }),
    );
  });
});
