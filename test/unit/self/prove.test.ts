import { describe, expect, it } from 'vitest';
import { EngineRefusedError, EngineUnavailableError, InternalError } from '../../../src/errors.ts';
import { challenge, judgeRecord } from '../../../src/self/prove.ts';
import { made } from '../../fixtures/self/sample.ts';
import { challenges, otherId as other, ownId as id } from './challenges.ts';
import {
  type FakeContainer,
  fakeMarks,
  fakeRecord,
  fakeRuntime,
  fakeSurroundings,
  ourFile,
  ourName,
} from '../../support/fake-surroundings.ts';

const layer = made('c');
const diff = `/var/lib/docker/overlay2/${layer}/diff`;

const rootOn = (upperDir: string): string => `1 0 0:5 / / rw - overlay overlay rw,lowerdir=/l,upperdir=${upperDir}\n`;

describe('judged by the writable layer', () => {
  it.each<[string, Partial<FakeContainer>, string, string]>([
    ['the same', { upperDir: diff }, rootOn(diff), 'ours'],
    ['by a relative path', { upperDir: diff }, rootOn(`${layer}/diff`), 'ours'],
    ['of an engine whose folder has moved', { upperDir: `/data/overlay2/${layer}/diff` }, rootOn(diff), 'ours'],
    ['another one', { upperDir: diff.replace(layer, other) }, rootOn(diff), 'foreign'],
    ['a relative path that is no name', { upperDir: diff }, rootOn('diff'), 'open'],
    // An engine in a container counts its layers from one, as the one around it does.
    ['a number, the same', { upperDir: '/snapshots/7/fs' }, rootOn('/snapshots/7/fs'), 'open'],
    ['a number, another one', { upperDir: '/snapshots/7/fs' }, rootOn('/snapshots/8/fs'), 'open'],
    ['not told by the engine', {}, rootOn(diff), 'open'],
    ['not there, as our root is no overlay', { upperDir: diff }, '1 0 8:1 / / rw - ext4 /dev/sda rw\n', 'open'],
    ['the same, of a container that does not run', { upperDir: diff, running: false }, rootOn(diff), 'foreign'],
  ])('%s', (_, container, mountinfo, expected) => {
    expect(judgeRecord(fakeRecord({ id, ...container }), fakeSurroundings({ mountinfo })).is).toBe(expected);
  });
});

describe('challenged', () => {
  it.each(challenges)('$title', async ({ container, view = {}, marks = {}, is, because }) => {
    const fake = { id, ...container };
    const verdict = await challenge(fakeRecord(fake), {
      runtime: fakeRuntime([fake]),
      surroundings: fakeSurroundings(view),
      marks: fakeMarks(marks),
      signal: AbortSignal.timeout(5000),
    });
    expect(verdict.is).toBe(is);
    expect('proof' in verdict ? verdict.proof : verdict.reason).toContain(because);
  });

  it.each([
    ['refuses', new EngineRefusedError('the container is restarting')],
    ['answers strangely', new InternalError('not understood')],
  ])('goes on to the file when the engine %s', async (_, error) => {
    const fake = { id, files: [ourFile] };
    const runtime = { ...fakeRuntime([fake]), processes: () => Promise.reject(error) };
    const context = {
      runtime,
      marks: fakeMarks(),
      surroundings: fakeSurroundings({}),
      signal: AbortSignal.timeout(5000),
    };
    expect(await challenge(fakeRecord(fake), context)).toMatchObject({
      is: 'ours',
      proof: expect.stringContaining('file') as string,
    });
  });

  it('passes on that the engine is gone', async () => {
    const fake = { id };
    const gone = new EngineUnavailableError('gone');
    const runtime = { ...fakeRuntime([fake]), processes: () => Promise.reject(gone) };
    const context = {
      runtime,
      marks: fakeMarks(),
      surroundings: fakeSurroundings({}),
      signal: AbortSignal.timeout(5000),
    };
    await expect(challenge(fakeRecord(fake), context)).rejects.toBe(gone);
  });

  it('does not write where the list of processes tells', async () => {
    const fake = { id, processes: [[ourName, '1']] as const };
    const runtime = fakeRuntime([fake]);
    const marks = { ...fakeMarks(), file: () => expect.fail('a file was written') };
    const context = { runtime, marks, surroundings: fakeSurroundings({}), signal: AbortSignal.timeout(5000) };
    expect((await challenge(fakeRecord(fake), context)).is).toBe('ours');
    expect(runtime.asked).toEqual([`processes ${id}`]);
  });
});
