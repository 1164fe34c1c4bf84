import { describe, expect, it } from 'vitest';
import { mixtureCases, settingCases, singleCases } from '../../support/setting-cases.ts';

describe('the cases that clones and renderings go through', () => {
  it('are many', () => {
    expect(singleCases.length).toBeGreaterThanOrEqual(85);
    expect(mixtureCases.length).toBeGreaterThanOrEqual(12);
  });

  it('have names of their own', () => {
    const names = settingCases.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(settingCases.filter(({ body }) => body !== undefined))('$name: flags or a body', ({ flags, words }) => {
    expect({ flags, words }).toEqual({ flags: undefined, words: undefined });
  });
});
