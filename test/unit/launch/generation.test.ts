import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { generationAfter } from '../../../src/launch/generation.ts';
import { label } from '../../../src/launch/labels.ts';
import type { ContainerRecord } from '../../../src/runtime/container.ts';
import { recordOf } from '../../support/fake-containers.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

function siblingOf(generation: number): ContainerRecord {
  return recordOf({ id: 'self', labels: { [label.generation]: String(generation) } });
}

describe('launches in a row', () => {
  it('count up from sibling to sibling, as long as each has just been started', () => {
    expect(generationAfter(recordOf({ id: 'self' }), start)).toBe(1);
    expect(generationAfter(siblingOf(1), start + 59_000)).toBe(2);
    expect(generationAfter(siblingOf(9), start)).toBe(10);
  });

  it('begin again with a sibling that has run for a while', () => {
    expect(generationAfter(siblingOf(9), start + 60_000)).toBe(1);
    expect(generationAfter(siblingOf(1000), start + 86_400_000)).toBe(1);
  });

  it('end with the tenth: that is a loop', () => {
    expect(() => generationAfter(siblingOf(10), start + 1)).toThrow(InvalidRequestError);
    expect(() => generationAfter(siblingOf(10), start + 1)).toThrow(/self is the sibling of a sibling, 10 times/);
  });

  it('are not counted by a label that says nothing', () => {
    const odd = recordOf({ id: 'self', labels: { [label.generation]: 'many' } });
    expect(generationAfter(odd, start)).toBe(1);
  });
});
