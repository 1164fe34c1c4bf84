import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CancelledError, InternalError, NotInTimeError, NotReadyError } from '../../../src/errors.ts';
import { carryOutDuty } from '../../../src/launch/carry-out-duty.ts';
import { bootId, uptimeMs } from '../../../src/launch/clock.ts';
import { duty } from '../../../src/launch/duty.ts';
import { label } from '../../../src/launch/labels.ts';
import type { LaunchStatus } from '../../../src/launch/status.ts';
import type { Task } from '../../../src/launch/task.ts';
import type * as Tries from '../../../src/launch/tries.ts';
import type * as Verdict from '../../../src/launch/verdict.ts';
import { type FakeContainers, fakeContainers, listener } from '../../support/fake-containers.ts';

const place: { runtime: FakeContainers; folder: string } = { runtime: fakeContainers(), folder: '' };
vi.mock('../../../src/runtime/detect.ts', () => ({ detectRuntime: () => Promise.resolve(place.runtime) }));
vi.mock('../../../src/launch/tries.ts', async (importOriginal) => {
  const original = await importOriginal<typeof Tries>();
  return { ...original, readTries: () => original.readTries(place.folder) };
});
vi.mock('../../../src/launch/verdict.ts', async (importOriginal) => {
  const original = await importOriginal<typeof Verdict>();
  return {
    ...original,
    noteVerdict: (error: unknown) => original.noteVerdict(error, place.folder),
    settledBefore: () => original.settledBefore(place.folder),
  };
});

const never = new AbortController().signal;
const sibling = { id: 'sibling', name: 'app', status: 'created' } as const;
const waiter = { id: 'waiter', name: 'app-waiter', labels: { [label.sibling]: 'sibling' } } as const;

describe('a waiter with conditions', () => {
  beforeEach(() => {
    place.folder = mkdtempSync(`${tmpdir()}/offshoot-waiter-`);
    onTestFinished(() => rmSync(place.folder, { recursive: true }));
    place.runtime = fakeContainers(sibling, waiter);
  });

  const inFolder = (name: string): string => `${place.folder}/${name}`;
  const status = (): LaunchStatus => JSON.parse(readFileSync(inFolder('status'), 'utf8')) as LaunchStatus;
  const file = (name: string) => ({ kind: 'file' as const, text: `file:/${name}`, path: inFolder(name) });

  function run(task: Partial<Task>, { inMs = 0, boot = bootId(), signal = never } = {}) {
    const whole = {
      ...{ when: [], whenTimeoutMs: 60_000, whenElse: 'abort', ready: { is: 'started' }, readyTimeoutMs: 60_000 },
      ...{ statusFile: inFolder('status'), ...task },
    };
    const env = {
      [duty.sibling]: 'sibling',
      [duty.name]: 'app-waiter',
      [duty.deadline]: String(Math.round((uptimeMs() + inMs) / 10)),
      [duty.bootId]: boot,
      [duty.task]: JSON.stringify(whole),
    };
    const { report, messages } = listener();
    return { done: carryOutDuty(env, { signal, report }), messages };
  }

  it('starts the sibling when they hold', async () => {
    setTimeout(() => writeFileSync(inFolder('done'), ''), 300);
    const { done, messages } = run({ when: [file('done')] });
    await done;
    expect(place.runtime.calls).toEqual(['start sibling', 'remove waiter']);
    expect(messages.slice(1)).toEqual([
      'waits for file:/done, 1m at most',
      'file:/done does not hold: it is not there',
      'file:/done holds',
      'started app',
    ]);
    expect(status()).toMatchObject({ state: 'started', sibling: { id: 'sibling', name: 'app' }, exitStatus: 0 });
  });

  it('does not look before its time, and does not wait longer than from then on', async () => {
    writeFileSync(inFolder('early'), '');
    const before = uptimeMs();
    await run({ when: [file('early')] }, { inMs: 200 }).done;
    expect(uptimeMs() - before).toBeGreaterThanOrEqual(190); // told in steps of ten

    place.runtime = fakeContainers(sibling, waiter);
    const late = run({ when: [file('late')], whenTimeoutMs: 1_000 }, { inMs: -1_000 });
    await expect(late.done).rejects.toThrow(/within 1s .*file:\/late: it is not there/);
  });

  it('gives the sibling up when they do not hold in time, once and for all', async () => {
    const task = { when: [file('never')], whenTimeoutMs: 0 };
    await expect(run(task).done).rejects.toThrow(NotInTimeError);
    expect(place.runtime.calls).toEqual(['remove sibling']);
    expect(status()).toMatchObject({ state: 'failed', exitStatus: 75 });

    // Its engine starts it again.
    const { done, messages } = run(task);
    await expect(done).rejects.toMatchObject({ exitStatus: 75, message: expect.stringContaining('file:/never') });
    expect({ messages, calls: place.runtime.calls }).toEqual({ messages: [], calls: ['remove sibling'] });
  });

  it('tries to give it up again when the engine was away', async () => {
    place.runtime.before = () => {
      throw new Error('away');
    };
    const task = { when: [file('never')], whenTimeoutMs: 0 };
    const first = run(task);
    await expect(first.done).rejects.toThrow(NotInTimeError);
    expect(first.messages.at(-1)).toBe('the sibling may be left behind: away');
    delete place.runtime.before;
    await expect(run(task).done).rejects.toThrow(NotInTimeError);
    expect(place.runtime.calls).toEqual(['remove sibling']);
  });

  it('starts it all the same, where that is asked for', async () => {
    const { done, messages } = run({ when: [file('never')], whenTimeoutMs: 0, whenElse: 'launch' });
    await done;
    expect(place.runtime.calls).toEqual(['start sibling', 'remove waiter']);
    expect(messages).toContainEqual(expect.stringContaining('started all the same'));
  });

  it('takes the sibling with it at a signal', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(new CancelledError('SIGTERM')), 50);
    await expect(run({ when: [file('never')] }, { signal: ending.signal }).done).rejects.toThrow(CancelledError);
    expect(place.runtime.calls).toEqual(['remove sibling']);
    expect(status()).toMatchObject({ state: 'cancelled', exitStatus: 143 });
  });

  it('looks for nothing where the sibling runs already', async () => {
    place.runtime = fakeContainers({ ...sibling, status: 'running' }, waiter);
    await run({ when: [file('never')] }).done;
    expect(place.runtime.calls).toEqual(['remove waiter']);
  });

  it('does nothing after a reboot, and says so', async () => {
    await run({ when: [file('never')] }, { boot: 'another' }).done;
    expect(place.runtime.calls).toEqual([]);
    expect(status()).toMatchObject({ state: 'abandoned', exitStatus: 0 });
  });

  it('sees to the readiness of a sibling that was started before, and keeps to what it has seen', async () => {
    const ready = { is: 'exited', exitCode: 0 } as const;
    place.runtime = fakeContainers({ ...sibling, status: 'exited' }, waiter);
    await run({ ready }).done;
    expect(status()).toMatchObject({ state: 'ready', exitCode: 0, exitStatus: 0 });

    const otherwise = { ready: { is: 'exited', exitCode: 1 } as const };
    await expect(run(otherwise).done).rejects.toThrow(NotReadyError);
    expect(status()).toMatchObject({ state: 'failed', exitCode: 0, exitStatus: 73 });
    await expect(run(otherwise).done).rejects.toMatchObject({ code: 'ERR_NOT_READY', exitStatus: 73 });
    expect(place.runtime.calls).toEqual(['remove waiter']);
  });

  it('has to be told its task in words that it knows', async () => {
    await expect(run({ whenElse: 'maybe' as 'abort' }).done).rejects.toThrow(InternalError);
  });
});
