import { describe, expect, it } from 'vitest';
import type { Healthcheck } from '../../../src/runtime/settings.ts';
import { type Situation, siblingOf } from './support.ts';

const ofImage: Healthcheck = { test: ['CMD', 'check'], interval: 30, retries: 5 };
const image = { healthcheck: ofImage };

interface Case extends Situation {
  readonly own: Healthcheck | undefined;
  readonly gives: Healthcheck | undefined;
}

const cases: readonly Case[] = [
  { title: 'same image: the image’s own, said again', own: ofImage, gives: ofImage },
  {
    title: 'same image: what somebody changed of it',
    own: { ...ofImage, interval: 5 },
    gives: { ...ofImage, interval: 5 },
  },
  { title: 'none, where self has none', own: undefined, image: {}, other: true, gives: undefined },
  {
    title: 'another image: somebody’s own',
    own: { test: ['CMD', 'mine'] },
    image: {},
    other: true,
    gives: { test: ['CMD', 'mine'] },
  },
  {
    // A member that is missing is the other image's: nothing of self's image is mixed into it.
    title: 'another image: only the members that somebody set',
    own: { ...ofImage, interval: 5, startInterval: 7 },
    other: true,
    gives: { interval: 5, startInterval: 7 },
  },
  {
    title: 'another image: it stays switched off',
    own: { ...ofImage, test: ['NONE'] },
    other: true,
    gives: { test: ['NONE'] },
  },
  {
    title: 'another image, and nobody knows what self’s image gives: all of it',
    own: ofImage,
    image: 'unknown',
    other: true,
    gives: ofImage,
  },
];

describe('the healthcheck of a sibling', () => {
  it.each(cases)('$title', ({ own, gives, ...situation }) => {
    const { settings, left } = siblingOf({ healthcheck: own }, { image, ...situation });
    expect(settings.healthcheck).toEqual(gives);
    expect(left).toEqual([]);
  });

  it('none, where the group is not inherited', () => {
    const { settings, left } = siblingOf({ healthcheck: { test: ['NONE'] } }, { inherit: '-health' });
    expect(settings).not.toHaveProperty('healthcheck');
    expect(left).toEqual(['Config.Healthcheck']);
  });
});
