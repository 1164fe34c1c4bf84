import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rows } from '../contract/rows.ts';
import { parts } from '../contract/runtime.contract.ts';
import { rowMatrix, type Shown, verdict } from '../support/row-matrix.ts';

const known = Object.entries(parts).flatMap(([part, behaviours]) => {
  const titles: string[] = [];
  behaviours((title) => void titles.push(`${part}: ${title}`));
  return titles;
});

it('has each row of the table of capabilities', () => {
  expect(Object.keys(rows).map(Number)).toEqual(Array.from({ length: 57 }, (_, at) => at + 1));
});

it.each(Object.entries(rows))('row %s is shown by what there is', (_, { behaviours = [], files = [], notHere }) => {
  expect(behaviours.filter((behaviour) => !known.includes(behaviour))).toEqual([]);
  expect(files.filter((file) => !existsSync(new URL(`../../${file.replace(/#.*/, '')}`, import.meta.url)))).toEqual([]);
  expect(behaviours.length + files.length > 0).toBe(notHere === undefined);
});

describe('the verdict of a row', () => {
  const row = { what: 'x', behaviours: ['p: a', 'p: b'], files: ['f.test.ts'] };
  const shown = (more: Partial<Shown>): Shown => ({
    file: 'contract.test.ts',
    name: 'x',
    runtime: 'docker on docker-28.5',
    behaviour: 'p: a',
    state: 'passed',
    reason: undefined,
    ...more,
  });
  const b = shown({ behaviour: 'p: b' });
  const of = (...all: Shown[]): string => verdict(row, 'docker on docker-28.5', all).word;

  it('is that it works when all of its behaviours were kept, on that runtime', () => {
    expect(of(shown({}), b)).toBe('works');
    expect(of(shown({}))).toBe('not run');
    expect(of(shown({}), { ...b, runtime: 'podman on podman-4.3' })).toBe('not run');
  });

  it('is no where all of them were skipped, with the reason', () => {
    expect(of(shown({ state: 'skipped', reason: 'why' }), { ...b, state: 'skipped', reason: 'why' })).toBe('no');
    expect(of(shown({}), { ...b, state: 'skipped', reason: 'why' })).toBe('in part');
  });

  it('takes of a file what names the engine, else what names none', () => {
    const inFile = { file: 'f.test.ts', runtime: undefined, behaviour: undefined };
    expect(of(shown({}), b, shown({ ...inFile, name: 'x docker-28.5', state: 'failed' }))).toBe('FAILED');
    expect(of(shown({}), b, shown({ ...inFile, name: 'x docker-28.5-containerd', state: 'failed' }))).toBe('works');
    expect(of(shown({}), b, shown({ ...inFile, name: 'any', state: 'failed' }))).toBe('FAILED');
  });

  it('takes nothing for granted that others have shown, or that any runtime has', () => {
    const inFile = { file: 'f.test.ts', runtime: undefined, behaviour: undefined };
    const ofFile = { what: 'x', files: ['f.test.ts', 'g.test.ts'] };
    const inRow = (...all: Shown[]): string => verdict(ofFile, 'nerdctl on containerd 2', all).word;
    const any = shown({ ...inFile, file: 'g.test.ts', name: 'any' });
    const skipped = shown({ ...inFile, name: 'pulls, containerd 2', state: 'skipped', reason: 'no nerdctl' });
    expect(inRow(any)).toBe('works');
    expect(inRow(any, skipped)).toBe('no');
    expect(inRow(shown({ ...inFile, name: 'x docker-28.5' }), shown({ ...inFile, name: 'has engines' }))).toBe(
      'not run',
    );
  });

  it('is printed row by row, with its reasons', () => {
    const text = rowMatrix([
      shown({ behaviour: 'leads a container: with its health', state: 'skipped', reason: 'no systemd' }),
    ]);
    expect(text.split('\n')).toHaveLength(1 + 57 + 3);
    expect(text).toMatch(/^35 health of a container {2,}no \[1\]$/m);
    expect(text).toMatch(/^\[1\] no systemd$/m);
  });
});
