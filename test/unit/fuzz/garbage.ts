import * as fc from 'fast-check';
import { expect } from 'vitest';
import { OffshootError } from '../../../src/errors.ts';

/** The same inputs in each run; another number finds others: `OFFSHOOT_FUZZ_SEED=7 npx vitest run test/unit/fuzz`. */
export const seed: number = Number(process.env['OFFSHOOT_FUZZ_SEED'] ?? 20_261_122);

/** A value of a variable, a password: no message may have it. */
export const canary = 'canary5c93e1';

/** A failure tells the seed and the path to it; smaller examples are looked for by hand. */
export function runs(numRuns: number): {
  seed: number;
  numRuns: number;
  endOnFailure: true;
  includeErrorInReport: true;
} {
  return { seed, numRuns, endOnFailure: true, includeErrorInReport: true };
}

/** What a parser gives; `undefined` for a refusal, which must be one of ours and tell no secret. */
export function given<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    refusedBy(error);
    return undefined;
  }
}

/** The same for what takes its time. */
export async function givenLater<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    refusedBy(error);
    return undefined;
  }
}

function refusedBy(error: unknown): void {
  if (!(error instanceof OffshootError)) throw new Error(`no error of ours: ${String(error)}`, { cause: error });
  expect(error.message).not.toContain(canary);
  expect(error.hint ?? '').not.toContain(canary);
  expect(error.message).not.toBe('');
}

/** Where something is changed, and into what; both are taken modulo what there is. */
export type Mutation = readonly [place: number, into: number];

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(fc.tuple(fc.nat(), fc.nat()), {
  minLength: 1,
  maxLength: 4,
});

const remove = Symbol('remove');
const replacements: readonly unknown[] = [
  ...[remove, remove, remove, null, true, false, 0, -1, 1e21, 0.5, '', 'x', '0', 'changed', '../..', '\0', '\u{D800}'],
  ...[[], {}, [null], [[]], ['changed'], { x: null }, { '': '' }, 'x'.repeat(5_000), { constructor: 1 }],
];

/** A copy in which members are missing, of other types, or hold what nobody expects. */
export function mutated(json: unknown, changes: readonly Mutation[]): unknown {
  const root: Holder = { json: structuredClone(json) };
  for (const [place, into] of changes) {
    const places = placesIn(root);
    const [holder, key] = places[place % places.length] ?? [root, 'json'];
    const value = replacements[into % replacements.length];
    if (value !== remove) holder[key] = structuredClone(value);
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }
  return root['json'];
}

type Holder = Record<string, unknown>;

function placesIn(holder: Holder): [Holder, string][] {
  return Object.entries(holder).flatMap(([key, value]) => [
    [holder, key] as [Holder, string],
    ...(typeof value === 'object' && value !== null ? placesIn(value as Holder) : []),
  ]);
}

/** A copy in which every variable and label has the canary as its value. */
export function withCanaries(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (key: string, value: unknown) => {
    if (['Env', 'env'].includes(key) && Array.isArray(value))
      return value.map((entry) => `${String(entry).split('=')[0] ?? ''}=${canary}`);
    return value;
  });
}

/** Text as it comes from strangers: of all letters, of those that mean something, and parts of good ones. */
export function textOf(...good: readonly string[]): fc.Arbitrary<string> {
  const meaningful = '{}[]"\'\\,:;=@/.*?-_!$ \n\t\0%#0189azAZ'.split('');
  const signs = fc.string({ unit: fc.constantFrom(...meaningful), maxLength: 40 });
  const around = fc
    .tuple(fc.constantFrom('', ...good), fc.nat(60), fc.string({ unit: 'binary', maxLength: 4 }), fc.nat(3))
    .map(([text, at, more, cut]) => text.slice(0, at) + more + text.slice(at + cut));
  return fc.oneof(signs, around, around, fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom(...good));
}
