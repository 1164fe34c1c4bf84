import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CancelledError, EngineRefusedError, EngineUnavailableError, SelfNotFoundError } from '../../../src/errors.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { identifyBy, identifySelf, type Self } from '../../../src/self/identify.ts';
import { made } from '../../fixtures/self/sample.ts';
import {
  type FakeContainer,
  fakeMarks,
  fakeRuntime,
  fakeSurroundings,
  type FakeView,
  ourName,
} from '../../support/fake-surroundings.ts';

const id = made('a');
const other = made('b');
const third = made('c');

const comm = (): string => readFileSync('/proc/self/comm', 'utf8').trim();

interface Given {
  readonly runtime: Runtime;
  readonly view?: FakeView;
  readonly hint?: string;
  readonly signal?: AbortSignal;
  readonly writable?: boolean;
}

function identify({
  runtime,
  view = {},
  hint,
  writable = true,
  signal = AbortSignal.timeout(5000),
}: Given): Promise<Self> {
  const context = { runtime, signal, surroundings: fakeSurroundings(view), marks: fakeMarks({ writable }) };
  return identifyBy(context, { hint, report: () => {} });
}

async function refusal(given: Given): Promise<SelfNotFoundError> {
  const error: unknown = await identify(given).then(
    ({ record }) => expect.fail(`found ${record.id}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SelfNotFoundError)) throw error;
  return error;
}

const ours: FakeContainer = { id, name: 'ours', processes: [[ourName, '1']] };
const theirs: FakeContainer = { id: other, name: 'theirs', processes: [['sh', '2']] };
const hostnameOf = (owner: string): string =>
  `2 1 8:1 /var/lib/docker/containers/${owner}/hostname /etc/hostname rw - ext4 /dev/sda rw\n`;

describe('by what points at us', () => {
  it('proves the one, and tells why it is not the other', async () => {
    const runtime = fakeRuntime([theirs, ours]);
    const self = await identify({ runtime, view: { mountinfo: hostnameOf(other), cgroup: `3:cpu:/docker/${id}\n` } });
    expect(self).toMatchObject({ record: { id }, evidence: ['/proc/self/cgroup'], proof: /processes/ });
    expect(runtime.asked).not.toContain('list');
  });

  it('does not believe a host name that is the name of another container', async () => {
    const named = { ...theirs, name: '0123456789ab' };
    const self = await identify({ runtime: fakeRuntime([named, ours]), view: { hostname: '0123456789ab' } });
    expect(self.record.id).toBe(id);
    expect(self.refused).toMatchObject([{ reference: '0123456789ab', reason: /not among/ }]);
  });

  it('goes on when the engine refuses to show one of them', async () => {
    const runtime = fakeRuntime([ours]);
    const refusing: Runtime = {
      ...runtime,
      async inspect(reference, options) {
        if (reference === other) throw new EngineRefusedError('multiple IDs found');
        return runtime.inspect(reference, options);
      },
    };
    const self = await identify({ runtime: refusing, view: { cgroup: `3:cpu:/docker/${id}/${other}\n` } });
    expect(self.record.id).toBe(id);
    expect(self.refused).toMatchObject([{ reference: other, reason: 'multiple IDs found' }]);
  });

  it('judges no container twice', async () => {
    const runtime = fakeRuntime([theirs]);
    await refusal({ runtime, view: { mountinfo: hostnameOf(other), hostname: 'bbbbbbbbbbbc' } });
    expect(runtime.asked.filter((call) => call === `processes ${other}`)).toHaveLength(1);
  });

  it('passes on that the engine is gone', async () => {
    const runtime = fakeRuntime([ours]);
    const gone = new EngineUnavailableError('gone');
    runtime.inspect = () => Promise.reject(gone);
    await expect(identify({ runtime, view: { cgroup: `3:cpu:/docker/${id}\n` } })).rejects.toBe(gone);
  });
});

describe('by OFFSHOOT_SELF', () => {
  it.each([id, id.slice(0, 12), 'ours'])('takes %s when it is proved', async (hint) => {
    const runtime = fakeRuntime([theirs, ours]);
    expect(await identify({ runtime, hint })).toMatchObject({ record: { id }, evidence: ['OFFSHOOT_SELF'] });
  });

  it.each([
    ['of another container', 'theirs', /not among its processes/],
    ['of none', 'nobody', /no such container/],
  ])('refuses one %s with status 65, and looks no further', async (_, hint, reason) => {
    const runtime = fakeRuntime([theirs, ours]);
    const error = await refusal({ runtime, hint, view: { cgroup: `3:cpu:/docker/${id}\n` } });
    expect(error.exitStatus).toBe(65);
    expect(error.tried).toEqual([
      { reference: hint, evidence: ['OFFSHOOT_SELF'], reason: expect.stringMatching(reason) as string },
    ]);
    expect(runtime.asked).not.toContain('list');
  });

  it("is proved by the kernel's word too, where nothing else tells", async () => {
    const runtime = fakeRuntime([{ id, name: 'ours' }]);
    const self = await identify({ runtime, hint: 'ours', writable: false, view: { cgroup: `3:cpu:/docker/${id}\n` } });
    expect(self.proof).toContain('control group');
  });
});

describe('where nothing is proved', () => {
  it('lists every candidate with what spoke for it and why it was refused', async () => {
    const runtime = fakeRuntime([theirs, { id: third, name: 'stopped', running: false }]);
    const view = { mountinfo: hostnameOf(third), cgroup: `3:cpu:/docker/${id}\n`, hostname: 'bbbbbbbbbbbb' };
    const error = await refusal({ runtime, view });
    expect(error.tried).toEqual([
      { reference: id, evidence: ['/proc/self/cgroup'], reason: 'this engine has no such container' },
      { reference: third, evidence: ['the mount of /etc/hostname'], reason: 'does not run (exited)' },
      { reference: 'bbbbbbbbbbbb', evidence: ['the host name'], reason: 'our process is not among its processes' },
    ]);
    for (const { reference, reason } of error.tried) expect(error.message).toContain(`${reference}: ${reason}`);
    expect(error).toMatchObject({ exitStatus: 65, code: 'ERR_SELF_NOT_FOUND' });
  });

  it('says so when there is nothing to try', async () => {
    const error = await refusal({ runtime: fakeRuntime([]) });
    expect(error.tried).toEqual([]);
    expect(error.hint).toContain('Nothing points at a container');
  });

  it('has only reasons that are true when nothing can be asked', async () => {
    const runtime = fakeRuntime([{ id, name: 'ours' }]);
    const error = await refusal({ runtime, writable: false, view: { mountinfo: hostnameOf(id) } });
    expect(error.tried.map(({ reason }) => reason)).toEqual([
      'the engine does not list its processes; our root file system cannot be written',
    ]);
  });
});

it('rejects with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new CancelledError('SIGTERM');
  const runtime = fakeRuntime([theirs]);
  const running = identify({ runtime, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 50);
  await expect(running).rejects.toBe(reason);
});

it('finds, with what this process really sees, the container that an engine says has it', async () => {
  const before = comm();
  const runtime = fakeRuntime([{ id, name: 'ours' }]);
  runtime.processes = async () => [{ pid: 4000, comm: comm(), mountNamespace: '1' }];
  runtime.hasFile = async (_, path) => existsSync(path);
  const self = await identifySelf(runtime, { signal: AbortSignal.timeout(5000), report: () => {} });
  expect(self).toMatchObject({ record: { id }, proof: 'our process is among its processes' });
  expect(comm()).toBe(before);
});
