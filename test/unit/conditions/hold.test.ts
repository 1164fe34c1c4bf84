import { describe, expect, it } from 'vitest';
import { untilAllHold } from '../../../src/conditions/hold.ts';
import type { Probe } from '../../../src/conditions/probe.ts';
import { EngineUnavailableError } from '../../../src/errors.ts';
import { listener } from '../../support/fake-containers.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const { signal } = new AbortController();

/** At each look the next of these; the last stays. */
function probe(text: string, ...answers: readonly (string | undefined | Error)[]): Probe & { looks: number } {
  return {
    text,
    looks: 0,
    async obstacle() {
      const answer = answers[Math.min(this.looks++, answers.length - 1)];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

describe('conditions', () => {
  const run = (probes: readonly Probe[], ms = 60_000) => {
    const clock = fakeClock(0);
    const { report, messages } = listener();
    const done = untilAllHold(probes, { clock, until: ms, signal, report });
    return { done, clock, messages };
  };

  it('that hold are told at once', async () => {
    const { done, clock } = run([probe('a', undefined), probe('b', undefined)], 0);
    expect(await done).toEqual([]);
    expect(clock.now()).toBe(0);
  });

  it('have to hold all', async () => {
    const [early, late] = [probe('early', undefined), probe('late', 'no', 'no', 'no', undefined)];
    expect(await run([early, late]).done).toEqual([]);
    expect([early.looks, late.looks]).toEqual([4, 4]);
  });

  it('have to hold at the same time', async () => {
    const odd = probe('odd', ...Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 'no' : undefined)));
    const even = probe('even', ...Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? undefined : 'no')));
    const unmet = await run([odd, even]).done;
    expect(unmet).toHaveLength(1);
  });

  it('that do not hold in time are told with what was in the way', async () => {
    const { done, clock } = run([probe('good', undefined), probe('bad', 'first', 'then')], 5_000);
    expect(await done).toEqual([{ text: 'bad', obstacle: 'then' }]);
    expect(clock.now()).toBe(5_000);
  });

  it('are looked at again when a look fails', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:80'), { code: 'ECONNREFUSED' });
    const away = new EngineUnavailableError('nothing listens');
    const { done, messages } = run([probe('a', refused, away, undefined)]);
    expect(await done).toEqual([]);
    expect(messages).toEqual(['a does not hold: ECONNREFUSED', 'a holds']);
    expect(await run([probe('a', away)], 1_000).done).toEqual([{ text: 'a', obstacle: 'nothing listens' }]);
  });

  it('that do not answer do not hold the others up', async () => {
    const silent: Probe = { text: 'silent', obstacle: () => new Promise(() => {}) };
    expect(await run([silent, probe('good', undefined)], 1).done).toEqual([{ text: 'silent', obstacle: 'no answer' }]);
  });

  it('are told when they change, and only then', async () => {
    const { done, messages } = run(
      [probe('a', 'no', 'no', undefined, undefined, 'no', 'no'), probe('b', 'never')],
      9_000,
    );
    await done;
    expect(messages).toEqual(['a does not hold: no', 'b does not hold: never', 'a holds', 'a does not hold: no']);
  });

  it('are looked at when one of them tells of a change', async () => {
    let isOver = false;
    const telling: Probe = {
      text: 'telling',
      obstacle: async () => (isOver ? undefined : 'no'),
      changed: async () => void (isOver = true),
    };
    const { done, clock } = run([telling]);
    expect(await done).toEqual([]);
    expect(clock.now()).toBe(0);
  });
});
