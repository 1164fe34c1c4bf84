import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneEnv, mergeEnv, nameOf } from '../../../src/clone/env.ts';

const isControl = (name: string): boolean => name.startsWith('OFFSHOOT_');

const name = fc.stringMatching(/^[A-Z][A-Z_]{0,5}$/);
const entry = fc.tuple(name, fc.string({ maxLength: 4 })).map(([left, right]) => `${left}=${right}`);
const entries = fc.uniqueArray(entry, { selector: nameOf, maxLength: 12 });

describe('cloneEnv', () => {
  it('takes away what is of the image, and keeps what somebody set', () => {
    const own = ['PATH=/image', 'A=mine', 'B=image', 'HOSTNAME=x', 'OFFSHOOT_IMAGE=y', 'EQUALS=a=b', 'EMPTY='];
    const { env, leftOut } = cloneEnv({ own, ofOwnImage: ['PATH=/image', 'A=image', 'B=image'], isControl });
    expect(env).toEqual(['A=mine', 'EQUALS=a=b', 'EMPTY=']);
    expect(leftOut.map(({ setting }) => setting)).toEqual(['env PATH', 'env B', 'env HOSTNAME', 'env OFFSHOOT_IMAGE']);
  });

  it('gives or names every variable, and never names a value', () => {
    fc.assert(
      fc.property(entries, entries, (own, ofOwnImage) => {
        const { env, leftOut } = cloneEnv({ own, ofOwnImage, isControl });
        const told = [...env.map(nameOf), ...leftOut.map(({ setting }) => setting.replace('env ', ''))];
        expect(told.toSorted()).toEqual(own.map(nameOf).toSorted());
        expect(env.filter((one) => ofOwnImage.includes(one))).toEqual([]);
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(entries, entries, (own, ofOwnImage) => {
        const once = cloneEnv({ own, ofOwnImage, isControl }).env;
        expect(cloneEnv({ own: once, ofOwnImage, isControl }).env).toEqual(once);
      }),
    );
  });
});

describe('mergeEnv', () => {
  it('lets the last one of a name win, in the place of the first', () => {
    expect(mergeEnv(['A=1', 'B=2'], ['A=3', 'C=4'])).toEqual(['A=3', 'B=2', 'C=4']);
  });

  it('has each name once, with its last value', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), (left, right) => {
        const merged = mergeEnv(left, right);
        const all = [...left, ...right];
        expect(new Set(merged.map(nameOf)).size).toBe(merged.length);
        for (const one of merged) expect(all.findLast((given) => nameOf(given) === nameOf(one))).toBe(one);
      }),
    );
  });
});
