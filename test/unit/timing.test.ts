import { describe, expect, it } from 'vitest';
import { poll } from '../../src/timing.ts';
import { fakeClock } from '../support/fake-clock.ts';

const { signal } = new AbortController();

describe('poll', () => {
  it('looks at once, soon, and then every two seconds', async () => {
    const clock = fakeClock(0);
    const looks: number[] = [];
    const found = await poll(async () => void looks.push(clock.now()), { clock, until: 10_000, signal });
    expect(found).toBeUndefined();
    expect(clock.pauses.slice(0, 3)).toEqual([250, 375, 563]);
    expect(Math.max(...clock.pauses)).toBe(2_000);
    expect([looks[0], looks.at(-1)]).toEqual([0, 10_000]);
  });

  it('tells what it has seen, and looks no more', async () => {
    const clock = fakeClock(0);
    let looks = 0;
    const look = async (): Promise<string | undefined> => ((looks += 1) === 3 ? 'seen' : undefined);
    expect(await poll(look, { clock, until: 10_000, signal })).toBe('seen');
    expect(looks).toBe(3);
  });

  it('looks once where the time is over', async () => {
    const clock = fakeClock();
    expect(await poll(async () => 'seen', { clock, until: 0, signal })).toBe('seen');
    expect(await poll(async () => undefined, { clock, until: 0, signal })).toBeUndefined();
    expect(clock.pauses).toEqual([]);
  });

  it('looks at once when something has changed', async () => {
    const clock = fakeClock(0);
    let isChanged = false;
    const changed = async (): Promise<void> => void (isChanged = true);
    const look = async (): Promise<true | undefined> => isChanged || undefined;
    expect(await poll(look, { clock, until: 10_000, signal, changed })).toBe(true);
    expect(clock.now()).toBe(0);
  });

  it('gives no look more time than is left, but a second', async () => {
    const clock = fakeClock(0);
    const look = (limited: AbortSignal): Promise<string> =>
      new Promise((resolve) => limited.addEventListener('abort', () => resolve('aborted')));
    expect(await poll(look, { clock, until: 10, signal })).toBe('aborted');
  });

  it('ends with the reason of the signal, in a look and in a pause', async () => {
    for (const at of ['look', 'pause'] as const) {
      const ending = new AbortController();
      const clock = fakeClock();
      const look = async (): Promise<undefined> => void (at === 'look' && ending.abort(new Error('ended')));
      if (at === 'pause') setImmediate(() => ending.abort(new Error('ended')));
      await expect(poll(look, { clock, until: Infinity, signal: ending.signal })).rejects.toThrow('ended');
    }
  });
});
