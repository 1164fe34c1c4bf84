import { expect, it } from 'vitest';
import { EngineRefusedError, EngineUnavailableError, TimeoutError } from '../../../src/errors.ts';
import { patient } from '../../../src/runtime/patient.ts';
import type { Adapter } from '../../../src/runtime/adapter.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { type FakeContainers, fakeContainers, listener } from '../../support/fake-containers.ts';
import { failureOf, never } from '../../support/runtime.ts';

const options = { signal: never };
const broken = new EngineUnavailableError('the connection broke');

function setUp(): { runtime: FakeContainers; subject: Runtime; messages: readonly string[] } {
  const runtime = fakeContainers({ id: 'app', status: 'created' });
  const { report, messages } = listener();
  return { runtime, messages, subject: patient(runtimeNow(runtime), report) };
}

/** Its methods as they are when they are called. */
function runtimeNow(runtime: FakeContainers): Adapter {
  return {
    ...runtime,
    inspect: (...args) => runtime.inspect(...args),
    start: (...args) => runtime.start(...args),
    remove: (...args) => runtime.remove(...args),
  };
}

/** Lets the call through to the engine so often, or not, and breaks the answer off. */
function breakStarts(runtime: FakeContainers, count: number, { seen }: { seen: boolean }): { starts: number } {
  const { start } = runtime;
  const tally = { starts: 0 };
  runtime.start = async (id, asked) => {
    tally.starts += 1;
    const isBroken = tally.starts <= count;
    if (!isBroken || seen) await start(id, asked);
    if (isBroken) throw broken;
  };
  return tally;
}

it('asks again what changes nothing, and says so once', async () => {
  const { runtime, subject, messages } = setUp();
  let left = 3;
  runtime.before = () => {
    left -= 1;
    if (left > 0) throw broken;
  };
  await subject.remove('app', options);
  expect(runtime.containers.size).toBe(0);
  expect(messages).toEqual(['the connection broke; it is asked again']);
});

it.each([new TimeoutError('no answer'), new EngineRefusedError('no')])('does not ask again after %s', async (error) => {
  const { runtime, subject } = setUp();
  let asked = 0;
  runtime.inspect = () => {
    asked += 1;
    return Promise.reject(error);
  };
  expect(await failureOf(subject.inspect('app', options))).toBe(error);
  expect(asked).toBe(1);
});

it('gives up at once when it is aborted', async () => {
  const { runtime, subject } = setUp();
  runtime.inspect = () => Promise.reject(broken);
  const controller = new AbortController();
  const work = subject.inspect('app', { signal: controller.signal });
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 30);
  expect(await failureOf(work)).toBe(reason);
});

it('takes a start for done that the engine has done without telling', async () => {
  const { runtime, subject, messages } = setUp();
  const tally = breakStarts(runtime, 1, { seen: true });
  await subject.start('app', options);
  expect(tally.starts).toBe(1);
  expect(messages).toEqual(['the connection broke; it was started all the same']);
});

it('starts again, once, what the engine has not seen', async () => {
  const { runtime, subject, messages } = setUp();
  const tally = breakStarts(runtime, 1, { seen: false });
  await subject.start('app', options);
  expect(tally.starts).toBe(2);
  expect(messages).toEqual(['the connection broke; it was not started, and is started again']);

  const other = setUp();
  const twice = breakStarts(other.runtime, 2, { seen: false });
  expect(await failureOf(other.subject.start('app', options))).toBe(broken);
  expect(twice.starts).toBe(2);
});

it('starts nothing again on an engine that went away meanwhile', async () => {
  const { runtime, subject } = setUp();
  const { inspect } = runtime;
  const tally = breakStarts(runtime, 1, { seen: false });
  runtime.inspect = () => {
    runtime.inspect = inspect;
    return Promise.reject(broken);
  };
  expect(await failureOf(subject.start('app', options))).toBe(broken);
  expect(tally.starts).toBe(1);
});
