import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { onePer, releaseOf } from '../../support/one-per.ts';
import { isPodman } from '../../support/podman.ts';
import { type Outcome, outcomeOf, type Seen } from './outcome.ts';
import { busybox, type Ended, type Scene, setStage, type Stage } from './stage.ts';
import { type FaultCase, faultsOf, type Flow, randomFrom, type Step, steps } from './steps.ts';
import { printTable, type Row } from './table.ts';

/** Another one cuts at other places. */
const seed = process.env['OFFSHOOT_TEST_SEED'] ?? 'offshoot';

interface Case extends FaultCase {
  readonly title: string;
  readonly step: Step;
}

const cases: readonly Case[] = steps.flatMap((step) => {
  const title = `${step.flow}, ${step.does}`;
  return faultsOf(step, randomFrom(`${seed} ${title}`)).map((one) => ({
    ...one,
    step,
    title: `${title}: ${one.name}`,
  }));
});

/** At the same time; vitest's own limit is for heavier tests. */
const atOnce = 12;

/** A quarter of a minute on an idle machine. */
const hookMs = 600_000;

interface Result {
  readonly seen: Seen;
  readonly first: Seen;
}

const rows: Row[] = [];
afterAll(() => printTable(`seed ${seed}`, rows));

const engines = onePer(inject('allEngines'), releaseOf);
/** All of them on the newest Docker, a third on the oldest, and a sixth on Podman, which takes longer. */
const newest = onePer(inject('engines'), releaseOf).at(-1);

describe.each(engines)('faults on $kind', (engine) => {
  const width = engine.kind === newest?.kind ? 1 : isPodman(engine) ? 6 : 3;
  const own = cases.filter((_, at) => at % width === 0);
  const results = new Map<Case, Result | Error>();
  beforeAll(async () => {
    const stage = await setStage(engine);
    try {
      const left = [...own];
      const work = async (): Promise<void> => {
        for (let one = left.shift(); one !== undefined; one = left.shift())
          results.set(
            one,
            await resultOf(one, stage).catch((error: unknown) => new Error(String(error), { cause: error })),
          );
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    } finally {
      await stage.cleanUp();
    }
  }, hookMs);

  it.each(own.map((one) => [one.title, one] as const))('%s', (_, one) => {
    const result = results.get(one);
    if (result === undefined || result instanceof Error) throw result ?? new Error('it was not carried out');
    const { outcome } = result.seen;
    rows.push({ engine: engine.kind, step: `${one.step.flow}: ${one.step.does}`, fault: one.name, outcome });
    expect(expectedOf(one), JSON.stringify(result, undefined, 1)).toContain(outcome);
  });
});

async function resultOf(one: Case, stage: Stage): Promise<Result> {
  const scene = await stage.scene();
  try {
    return await within(limitMs, one.title, carriedThrough(one, scene));
  } finally {
    await scene.cleanUp();
  }
}

async function carriedThrough(one: Case, scene: Scene): Promise<Result> {
  const first = await outcomeOf(scene, await carryOut(one, scene));
  return { first, seen: one.signal === 'SIGKILL' ? await afterKill(scene, one, first) : first };
}

/** Far longer than any takes, also on a busy machine: for one that never ends. */
const limitMs = 60_000;

async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const late = sleep(ms, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(`${what}: no end after ${ms} ms`)),
  );
  return Promise.race([work, late]);
}

const flows: Readonly<Record<Flow, Record<string, string>>> = {
  now: {},
  later: { OFFSHOOT_DELAY: '1s' },
  waiter: { OFFSHOOT_DELAY: '1s' },
  attached: { OFFSHOOT_ATTACH: 'true' },
  undo: { OFFSHOOT_ENTRYPOINT: 'no-such-command' },
};

async function carryOut({ step, fault, signal }: Case, scene: Scene): Promise<Ended> {
  const env = environment(step.flow, scene);
  const reached =
    fault.is === 'held' ? scene.proxy.hold({ ...step, at: fault.at }).reached : scene.proxy.inject(step, fault);
  const running = await scene.run(env);
  if (signal !== undefined) {
    await reached;
    await running.signal(signal);
  }
  const ended = await running.ended;
  await reached; // by the waiter, perhaps
  return ended;
}

function environment(flow: Flow, scene: Scene): Record<string, string> {
  return {
    OFFSHOOT_IMAGE: busybox,
    OFFSHOOT_COMMAND: JSON.stringify(['sh', '-c', scene.note]),
    ...flows[flow],
  };
}

/** Nobody is there to undo anything: the next launch of the key does what is left to do. */
async function afterKill(scene: Scene, { step }: Case, killed: Seen): Promise<Seen> {
  if (killed.ran > 1) return killed;
  const again = await (await scene.run(environment(step.flow, scene))).ended;
  return outcomeOf(scene, again);
}

/** What may become of it; what must never be is in none. */
function expectedOf({ step: { flow, kind }, name, signal }: Case): readonly Outcome[] {
  if (signal === 'SIGKILL') return ['started'];
  if (flow === 'undo') return name === '500' || signal !== undefined ? ['told', 'not started'] : ['not started'];
  // Once it runs, a signal is the sibling's.
  if (flow === 'attached' && kind === 'asks' && signal !== undefined) return ['started', 'not started'];
  if (signal !== undefined) return ['not started', 'told'];
  // A waiter is started again by the engine.
  if (flow === 'waiter') return ['started'];
  // What else is asked instead may take Podman longer than it is given.
  if (kind === 'greets') return ['started', 'not started'];
  // What finds self asks in several ways.
  if (name !== '500') return ['started'];
  return kind === 'asks' ? ['started', 'not started', 'told'] : ['not started', 'told'];
}
