import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CancelledError, CommandNotFoundError, EngineUnavailableError, InternalError } from '../../../src/errors.ts';
import { carryOutDuty } from '../../../src/launch/carry-out-duty.ts';
import { bootId, uptimeMs } from '../../../src/launch/clock.ts';
import { duty } from '../../../src/launch/duty.ts';
import { label } from '../../../src/launch/labels.ts';
import { readTries, type Tries } from '../../../src/launch/tries.ts';
import type * as Verdict from '../../../src/launch/verdict.ts';
import { type FakeContainers, fakeContainers, listener } from '../../support/fake-containers.ts';

const place: { runtime?: FakeContainers; tries?: Tries; folder?: string } = {};
vi.mock('../../../src/runtime/detect.ts', () => ({ detectRuntime: () => Promise.resolve(place.runtime) }));
vi.mock('../../../src/launch/tries.ts', async (importOriginal) => {
  const original = await importOriginal<{ readTries: typeof readTries }>();
  return {
    ...original,
    readTries: (within?: string) => (within === undefined ? place.tries : original.readTries(within)),
  };
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

function env(more: Record<string, string> = {}): Record<string, string> {
  return {
    [duty.sibling]: 'sibling',
    [duty.name]: 'app-waiter',
    [duty.deadline]: String(Math.round(uptimeMs() / 10)),
    [duty.bootId]: bootId(),
    ...more,
  };
}

describe('a waiter', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/offshoot-tries-`);
    onTestFinished(() => rmSync(folder, { recursive: true }));
    place.folder = folder;
    place.tries = readTries(folder);
    place.runtime = fakeContainers(sibling, waiter);
  });
  const run = (more?: Record<string, string>, signal = never) => carryOutDuty(env(more), { signal, ...listener() });

  it('starts the sibling, and removes itself', async () => {
    await run();
    expect(place.runtime?.calls).toEqual(['start sibling', 'remove waiter']);
    expect(readTries(folder).count).toBe(0);
  });

  it('only removes itself where the sibling was started already', async () => {
    place.runtime = fakeContainers({ ...sibling, status: 'exited' }, waiter);
    await run();
    expect(place.runtime.calls).toEqual(['remove waiter']);
  });

  it('leaves a container alone that has its name now', async () => {
    place.runtime = fakeContainers(sibling, { ...waiter, labels: {} });
    await run();
    expect(place.runtime.calls).toEqual(['start sibling']);
  });

  it('does nothing after a reboot', async () => {
    await run({ [duty.bootId]: 'another' });
    expect(place.runtime?.calls).toEqual([]);
  });

  it('says so when the sibling is gone', async () => {
    place.runtime = fakeContainers(waiter);
    await expect(run()).rejects.toThrow('the sibling sibling was removed before its time');
  });

  it('stays when the engine refuses, and tries again as often as it is restarted', async () => {
    place.runtime!.before = () => {
      throw new CommandNotFoundError('no such command');
    };
    for (let restart = 0; restart < 4; restart++) await expect(run()).rejects.toThrow('no such command');
  });

  it('tries a start again that was cut off, but not for ever', async () => {
    place.runtime!.before = () => {
      throw new EngineUnavailableError('the connection broke');
    };
    for (const message of ['broke', 'broke', 'app is not started again', 'app is not started again']) {
      place.tries = readTries(folder);
      await expect(run()).rejects.toThrow(message);
    }
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('takes the sibling with it at %s, wherever it waits', async (name) => {
    await expect(run({ [duty.signal]: name })).rejects.toThrow(CancelledError);
    expect(place.runtime?.calls).toEqual(['remove sibling']);
    rmSync(`${folder}/.offshoot-verdict`);

    place.runtime = fakeContainers(sibling, waiter);
    const late = { [duty.deadline]: String(Math.round(uptimeMs() / 10) + 100_000) };
    await expect(run(late, AbortSignal.abort(new CancelledError(name)))).rejects.toThrow(CancelledError);
    expect(place.runtime.calls).toEqual(['remove sibling']);
  });

  it('does not take a sibling with it that was started', async () => {
    place.runtime = fakeContainers({ ...sibling, status: 'running' }, waiter);
    await expect(run({ [duty.signal]: 'SIGTERM' })).rejects.toThrow(CancelledError);
    expect(place.runtime.calls).toEqual([]);
  });

  it.each([duty.name, duty.deadline, duty.bootId])('has to be told %s', async (name) => {
    await expect(run({ [name]: '' })).rejects.toThrow(InternalError);
  });
});
