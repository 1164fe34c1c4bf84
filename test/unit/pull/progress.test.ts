import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFor } from '../../../src/pull/platform.ts';
import { type PullState, trackLayers } from '../../../src/pull/progress.ts';
import type { LayerPhase, PullProgress } from '../../../src/runtime/runtime.ts';

const step = (layer: string, phase: LayerPhase, current?: number, total?: number): PullProgress => ({
  layer,
  status: phase,
  phase,
  ...(current !== undefined && { current }),
  ...(total !== undefined && { total }),
});

function after(...steps: PullProgress[]): PullState {
  const layers = trackLayers();
  for (const each of steps) layers.step(each);
  return layers.state();
}

describe('the layers of a pull', () => {
  it('are counted with the bytes of their transfer', () => {
    const state = after(
      { status: 'Pulling from app' },
      step('a', 'waiting'),
      step('b', 'present'),
      step('c', 'downloading', undefined, 200),
      step('a', 'downloading', 30, 100),
    );
    expect(state).toMatchObject({ present: 1, complete: 1, current: 30, total: 300 });
    expect(state.layers.map(({ id, phase }) => [id, phase])).toEqual([
      ['a', 'downloading'],
      ['b', 'present'],
      ['c', 'downloading'],
    ]);
  });

  it('are not counted twice when they are unpacked', () => {
    const steps = [step('a', 'downloading', 100, 100), step('a', 'downloaded'), step('a', 'extracting', 1, 400)];
    expect(after(...steps)).toMatchObject({ complete: 0, current: 100, total: 100 });
    expect(after(...steps).layers[0]).toMatchObject({ phase: 'extracting', unpacked: 1 / 400 });
    expect(after(...steps, step('a', 'complete'))).toMatchObject({ complete: 1, current: 100, total: 100 });
  });

  it('go back when a transfer begins again', () => {
    expect(after(step('a', 'downloading', 90, 100), step('a', 'downloading', 5, 100)).current).toBe(5);
  });

  it('keep their bytes while the engine waits to try again', () => {
    expect(after(step('a', 'downloading', 90, 100), step('a', 'downloading'))).toMatchObject({
      current: 90,
      total: 100,
    });
  });

  it('never have more than all, whatever is said of them', () => {
    const phases: LayerPhase[] = ['waiting', 'downloading', 'downloaded', 'extracting', 'complete', 'present'];
    const steps = fc.array(
      fc
        .record({ layer: fc.constantFrom('a', 'b', 'c'), phase: fc.constantFrom(...phases), total: fc.nat(1000) })
        .chain(({ layer, phase, total }) => fc.nat(total).map((current) => step(layer, phase, current, total))),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const { layers, complete, present, current, total } = after(...all);
        expect(present).toBeLessThanOrEqual(complete);
        expect(complete).toBeLessThanOrEqual(layers.length);
        expect(current).toBeLessThanOrEqual(total);
      }),
    );
  });
});

it.each([
  ['linux/amd64', 'linux/amd64', true],
  ['linux/386', 'linux/amd64', true],
  ['linux/arm64', 'linux/arm64/v8', true],
  ['linux/arm64/v8', 'linux/arm64', true],
  ['linux/arm/v7', 'linux/arm', true],
  ['linux/arm/v6', 'linux/arm/v7', true],
  ['linux/arm/v7', 'linux/arm64', true],
  ['linux/amd64', 'linux/amd64/v3', true],
  ['linux/amd64', 'linux/arm64', false],
  ['linux/amd64', 'linux/386', false],
  ['linux/arm64', 'linux/arm/v7', false],
  ['linux/arm/v7', 'linux/arm/v6', false],
  ['linux/amd64/v3', 'linux/amd64', false],
  ['windows/amd64', 'linux/amd64', false],
  ['linux/s390x', 'linux/amd64', false],
])('an image for %s, asked for %s: %s', (image, wanted, fits) => {
  expect(isFor(image, wanted)).toBe(fits);
});
