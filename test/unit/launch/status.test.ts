import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CancelledError, NotReadyError, TimeoutError } from '../../../src/errors.ts';
import { type LaunchStatus, statusFile } from '../../../src/launch/status.ts';
import { noteVerdict, settledBefore } from '../../../src/launch/verdict.ts';
import { listener } from '../../support/fake-containers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/offshoot-status-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

describe('the status file', () => {
  const read = (): LaunchStatus => JSON.parse(readFileSync(`${folder}/s.json`, 'utf8')) as LaunchStatus;

  it('has all its fields from the beginning, and nothing beside it', () => {
    const status = statusFile(`${folder}/s.json`, () => {});
    status.tell('waiting', 'for something');
    const { time, ...rest } = read();
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
    expect(rest).toEqual({
      ...{ state: 'waiting', sibling: null, message: 'for something', exitCode: null, exitStatus: null },
    });
    status.about({ id: 'x', name: 'app' });
    status.tell('ready', 'done', { exitCode: 0, exitStatus: 0 });
    expect(read()).toMatchObject({ state: 'ready', sibling: { id: 'x', name: 'app' }, exitCode: 0, exitStatus: 0 });
    expect(readdirSync(folder)).toEqual(['s.json']);
  });

  it.each([
    [
      new NotReadyError('ended', 3, { hint: 'Try.' }),
      { state: 'failed', message: 'ended\nTry.', exitCode: 3, exitStatus: 73 },
    ],
    [new TimeoutError('late'), { state: 'failed', message: 'late', exitCode: null, exitStatus: 75 }],
    [new CancelledError('SIGTERM'), { state: 'cancelled', exitStatus: 143 }],
    [new TypeError('odd'), { state: 'failed', message: 'odd', exitStatus: 70 }],
  ])('tells of %s', (error, expected) => {
    statusFile(`${folder}/s.json`, () => {}).tellFailure(error);
    expect(read()).toMatchObject(expected);
  });

  it('fails nobody', () => {
    const { report, messages } = listener();
    statusFile(`${folder}/none/s.json`, report).tell('started', 'x');
    expect(messages).toEqual([expect.stringContaining('the status file cannot be written: ENOENT')]);
    statusFile(undefined, report).tell('started', 'x');
    expect(messages).toHaveLength(1);
  });
});

describe('the verdict of a waiter', () => {
  it('is the same after a restart', () => {
    expect(settledBefore(folder)).toBeUndefined();
    noteVerdict(new NotReadyError('app has ended', 3), folder);
    const settled = settledBefore(folder);
    expect(settled).toMatchObject({ code: 'ERR_NOT_READY', exitStatus: 73, message: 'app has ended' });
  });

  it('is forgotten where nothing can be written', () => {
    noteVerdict(new Error('x'), `${folder}/none`);
    expect(settledBefore(`${folder}/none`)).toBeUndefined();
  });
});
