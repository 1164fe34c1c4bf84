import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PullState } from '../../../src/pull/progress.ts';
import { stallAfter } from '../../../src/pull/pull.ts';
import { pullOnce } from '../../../src/pull/try.ts';
import type { Adapter } from '../../../src/runtime/adapter.ts';
import type { PullProgress, Runtime } from '../../../src/runtime/runtime.ts';
import { never } from '../../support/runtime.ts';

const stallMs = 60_000;

// No test waits for a minute, and none depends on how busy the machine is.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Tells these steps, one a second, then nothing for as long as nobody ends it; how that came out. */
async function pulling(steps: readonly PullProgress[], capabilities = {}): Promise<unknown> {
  const runtime = {
    features: capabilities,
    pull: (_: string, { signal, onProgress }: Parameters<Adapter['pull']>[1]) =>
      new Promise<void>((resolve, reject) => {
        steps.forEach((step, at) => setTimeout(() => onProgress?.(step), at * 1_000));
        setTimeout(resolve, steps.length * 1_000 + stallMs * 3);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  } as unknown as Runtime;
  const options = { signal: never, platform: undefined, auth: undefined, stallMs, onState: () => {} };
  const outcome = pullOnce('app', runtime, options).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return outcome;
}

const downloading = (current: number): PullProgress => ({
  layer: 'a',
  status: 'Downloading',
  phase: 'downloading',
  current,
  total: 100,
});
const extracting: PullProgress = { layer: 'a', status: 'Extracting', phase: 'extracting' };
const retrying = Array.from({ length: 90 }, (_, at): PullProgress => {
  const status = `Retrying in ${90 - at} seconds`;
  return { layer: 'a', status, phase: 'downloading' };
});

describe('a try stands still', () => {
  it.each<[what: string, steps: PullProgress[]]>([
    ['when nothing is said at all', []],
    ['when no byte moves', [downloading(1)]],
    ['when the engine repeats itself', Array.from({ length: 90 }, () => downloading(1))],
    ['when a layer waits', [{ layer: 'b', status: 'Waiting', phase: 'waiting' }, extracting]],
  ])('%s', async (_, steps) => {
    expect(await pulling(steps)).toMatchObject({
      reason: 'network',
      temporary: true,
      message: 'the pull of app stood still for 1m',
    });
  });
});

describe('a try goes on', () => {
  it.each<[what: string, steps: PullProgress[], capabilities?: object]>([
    ['while layers are unpacked, as engines may be silent meanwhile', [downloading(1), extracting]],
    ['on an engine that never tells of progress', [], { pullProgress: false }],
    ['while bytes move', [...Array.from({ length: 200 }, (_, at) => downloading(at)), extracting]],
    ['while the engine tries again itself', [...retrying, extracting]],
  ])('%s', async (_, steps, capabilities) => {
    expect(await pulling(steps, capabilities)).toBeUndefined();
  });
});

it.each([
  [60_000, 30_000],
  [900_000, 60_000],
  [3_600_000, 240_000],
])('with %i ms for the whole it may stand still for %i', (timeout, stall) => {
  expect(stallAfter(timeout)).toBe(stall);
});

it('the state that is told at the end is the last one', async () => {
  const states: PullState[] = [];
  const runtime = {
    features: {},
    pull: (_: string, { onProgress }: Parameters<Adapter['pull']>[1]) => {
      for (const current of [1, 50, 100]) onProgress?.(downloading(current));
      onProgress?.({ layer: 'a', status: 'Pull complete', phase: 'complete' });
      return Promise.resolve();
    },
  } as unknown as Runtime;
  const onState = (state: PullState): void => void states.push(state);
  await pullOnce('app', runtime, { signal: never, platform: undefined, auth: undefined, stallMs, onState });
  expect(states.at(-1)).toMatchObject({ complete: 1, current: 100, total: 100 });
  expect(states.length).toBeLessThan(4);
});
