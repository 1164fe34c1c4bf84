import { expect, it } from 'vitest';
import { EngineRefusedError, SelfNotFoundError } from '../../../src/errors.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { identifyBy, type Self } from '../../../src/self/identify.ts';
import { made } from '../../fixtures/self/sample.ts';
import {
  type FakeContainer,
  fakeMarks,
  fakeRuntime,
  fakeSurroundings,
  ourName,
} from '../../support/fake-surroundings.ts';

const ours: FakeContainer = { id: made('a'), name: 'ours', processes: [[ourName, '1']] };
const theirs = (index: number): FakeContainer => ({
  id: index.toString(16).padStart(64, 'b'),
  name: `theirs-${index}`,
  processes: [['sh', '2']],
});

const mount = (target: string): string => `2 1 8:1 /x ${target} rw - ext4 /dev/sda rw\n`;

function identify(runtime: Runtime, mountinfo = ''): Promise<Self> {
  const surroundings = fakeSurroundings({ mountinfo });
  const context = { runtime, surroundings, marks: fakeMarks(), signal: AbortSignal.timeout(5000) };
  return identifyBy(context, { report: () => {} });
}

it('judges every container that runs when nothing points at one', async () => {
  const self = await identify(fakeRuntime([...Array(40).keys()].map(theirs).toSpliced(30, 0, ours)));
  expect(self).toMatchObject({ record: { name: 'ours' }, evidence: ['it runs (ours)'] });
});

it('leaves those alone that do not run', async () => {
  const runtime = fakeRuntime([{ ...theirs(1), running: false }, ours]);
  expect((await identify(runtime)).refused).toEqual([]);
  expect(runtime.asked).not.toContain(`inspect ${theirs(1).id}`);
});

it("begins with those that have our mounts, and of these with one that shares another's network", async () => {
  const runtime = fakeRuntime([
    theirs(1),
    { ...theirs(2), destinations: ['/elsewhere'] },
    { ...theirs(3), destinations: ['/data'] },
    { ...ours, destinations: ['/data', '/run/docker.sock'], networkMode: `container:${theirs(1).id}` },
    { ...theirs(4), destinations: ['/data', '/run/docker.sock'] },
  ]);
  const self = await identify(runtime, mount('/data') + mount('/run/docker.sock'));
  expect(self.record.name).toBe('ours');
  expect(runtime.asked.filter((call) => call.startsWith('processes'))).toEqual([`processes ${ours.id}`]);
});

it('looks again for one that the engine lists only a moment later', async () => {
  const runtime = fakeRuntime([theirs(1), ours]);
  let times = 0;
  const self = await identify({
    ...runtime,
    list: async (options) => (await runtime.list(options)).filter(({ name }) => name !== 'ours' || (times += 1) > 1),
  });
  expect(self.record.name).toBe('ours');
  expect(self.refused).toHaveLength(1);
});

it('says so when the engine does not list them', async () => {
  const runtime = fakeRuntime([ours]);
  runtime.list = () => Promise.reject(new EngineRefusedError('the proxy does not allow it'));
  const error: unknown = await identify(runtime).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SelfNotFoundError);
  expect(error).toMatchObject({ exitStatus: 65, tried: [{ reason: 'the proxy does not allow it' }] });
});
