import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeEnv, nameOf } from '../../../src/clone/env.ts';
import { type Situation, siblingOf } from './support.ts';

interface Case extends Situation {
  readonly own: readonly string[];
  /** What the sibling is made with. */
  readonly gives: readonly string[];
  readonly leaves?: readonly string[];
}

const image = { env: ['PATH=/image', 'A=image', 'B=image'] };

const cases: readonly Case[] = [
  {
    title: 'same image: everything, also what is the image’s',
    own: ['PATH=/image', 'A=image', 'B=mine', 'C=mine'],
    gives: ['PATH=/image', 'A=image', 'B=mine', 'C=mine'],
  },
  {
    // portainer/portainer#2952, #4142, #4665: the old image's variables survived the change of images.
    title: 'another image: only what somebody set',
    other: true,
    own: ['PATH=/image', 'A=mine', 'B=image', 'C=mine'],
    gives: ['A=mine', 'C=mine'],
    leaves: ['env PATH', 'env B'],
  },
  {
    title: 'another image: a search path that somebody set',
    other: true,
    own: ['PATH=/mine'],
    gives: ['PATH=/mine'],
  },
  {
    title: 'a value with an equals sign, an empty one, one of several lines',
    other: true,
    own: ['EQUALS=a=b', 'EMPTY=', 'LINES=a\nb'],
    gives: ['EQUALS=a=b', 'EMPTY=', 'LINES=a\nb'],
  },
  {
    title: 'an empty value is not the image’s value',
    other: true,
    own: ['A='],
    gives: ['A='],
  },
  {
    title: 'not what controls the launcher, nor the name of self',
    own: ['OFFSHOOT_IMAGE=x', 'HOSTNAME=a1b2c3d4e5f6', 'MY_OFFSHOOT_IMAGE=y'],
    gives: ['MY_OFFSHOOT_IMAGE=y'],
    leaves: ['env OFFSHOOT_IMAGE', 'env HOSTNAME'],
  },
  {
    // containrrr/watchtower#63: a user's variable was wiped because the image had one of that name.
    title: 'another image: a variable that somebody set over the image’s',
    other: true,
    own: ['A=mine'],
    gives: ['A=mine'],
  },
  {
    title: 'what the image gives is not known: all but our own',
    image: 'unknown',
    other: true,
    own: ['PATH=/image', 'A=image', 'HOSTNAME=x'],
    gives: ['PATH=/image', 'A=image'],
    leaves: ['env HOSTNAME'],
  },
  {
    title: 'asked for: wins, in the place of what it replaces',
    own: ['A=1', 'B=2', 'C=3'],
    env: ['B=asked', 'D=asked', 'HOSTNAME=asked'],
    gives: ['A=1', 'B=asked', 'C=3', 'D=asked', 'HOSTNAME=asked'],
  },
  {
    title: 'another image: what is kept by name, and no more',
    other: true,
    own: ['A=mine', 'B=mine', 'C=mine'],
    keepsEnv: (name) => name !== 'B',
    gives: ['A=mine', 'C=mine'],
    leaves: ['env B'],
  },
  {
    title: 'same image: what is dropped is taken from the image’s as well',
    own: ['A=image', 'C=mine'],
    keepsEnv: (name) => name !== 'A' && name !== 'C',
    gives: ['A'],
    leaves: ['env A', 'env C'],
  },
  {
    title: 'same image: what is dropped can be asked for',
    own: ['A=image'],
    keepsEnv: () => false,
    env: ['A=asked'],
    gives: ['A=asked'],
    leaves: ['env A'],
  },
  {
    title: 'the group is not inherited: only what is asked for',
    inherit: 'all,-env',
    own: ['A=mine'],
    env: ['B=asked'],
    gives: ['B=asked'],
    leaves: ['Config.Env'],
  },
];

describe('the variables of a sibling', () => {
  it.each(cases)('$title', ({ own, gives, leaves = [], ...situation }) => {
    const { settings, left } = siblingOf({ env: own }, { image, ...situation });
    expect(settings.env).toEqual(gives);
    expect(left.filter((name) => /env/i.test(name))).toEqual(leaves);
  });

  it.each([
    ['OFFSHOOT_KEY', 'it controls the launcher'],
    ['HOSTNAME', 'it would name self in the sibling'],
    ['DROPPED', 'OFFSHOOT_KEEP_ENV or OFFSHOOT_DROP_ENV leaves it behind'],
    ['A', "it is of self's image"],
  ])('%s is left out because %s', (name, reason) => {
    const own = { env: [`${name}=image`] };
    const { leftOut } = siblingOf(own, { image, other: true, keepsEnv: (kept) => kept !== 'DROPPED' });
    expect(leftOut).toEqual([{ setting: `env ${name}`, reason }]);
  });
});

const entry = fc
  .tuple(fc.stringMatching(/^[A-Z][A-Z_]{0,3}$/), fc.string({ maxLength: 4 }))
  .map(([name, value]) => `${name}=${value}`);

describe('merging variables', () => {
  it('lets the last one of a name win, in the place of the first', () => {
    expect(mergeEnv(['A=1', 'B=2'], ['A=3', 'C=4'])).toEqual(['A=3', 'B=2', 'C=4']);
    expect(mergeEnv(['A', 'B=2'], ['B'])).toEqual(['A', 'B']);
    expect(mergeEnv()).toEqual([]);
  });

  it('has each name once, with its last value', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), (left, right) => {
        const merged = mergeEnv(left, right);
        const all = [...left, ...right];
        expect(new Set(merged.map(nameOf)).size).toBe(merged.length);
        expect(new Set(merged.map(nameOf))).toEqual(new Set(all.map(nameOf)));
        for (const one of merged) expect(all.findLast((given) => nameOf(given) === nameOf(one))).toBe(one);
      }),
    );
  });

  it('does nothing more the second time, and it does not matter how the lists are cut', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), fc.array(entry), (first, second, third) => {
        const merged = mergeEnv(first, second, third);
        expect(mergeEnv(merged)).toEqual(merged);
        expect(mergeEnv(merged, merged)).toEqual(merged);
        expect(mergeEnv(mergeEnv(first, second), third)).toEqual(merged);
      }),
    );
  });
});
