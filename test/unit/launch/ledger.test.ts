import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  CancelledError,
  CommandNotFoundError,
  EngineRefusedError,
  EngineUnavailableError,
  TimeoutError,
} from '../../../src/errors.ts';
import { openLedger } from '../../../src/launch/ledger.ts';
import { fakeContainers, listener } from '../../support/fake-containers.ts';

const never = new AbortController().signal;
const spec = (name: string) => ({ name, image: 'image:1', labels: {} });

function setUp() {
  const runtime = fakeContainers();
  const { report, messages } = listener();
  return { runtime, messages, ledger: openLedger(runtime, report) };
}

/** Told to end, now. */
function ended(): AbortSignal {
  return AbortSignal.abort(new CancelledError('SIGTERM'));
}

describe('ledger', () => {
  it('removes what was made, last first', async () => {
    const { runtime, ledger, messages } = setUp();
    const sibling = await ledger.create(spec('sibling'), never);
    const waiter = await ledger.create(spec('waiter'), never);
    await ledger.start(waiter, never);
    await ledger.undo(ended());
    expect(runtime.calls.slice(3)).toEqual([`remove ${waiter}`, `remove ${sibling}`]);
    expect(messages.slice(-2)).toEqual(['removed waiter again', 'removed sibling again']);
  });

  it('removes nothing that is to stay', async () => {
    const { runtime, ledger } = setUp();
    await ledger.create(spec('sibling'), never);
    ledger.keep();
    await ledger.undo(ended());
    expect(runtime.containers.size).toBe(1);
  });

  it('leaves a sibling alone that somebody else has started', async () => {
    const { runtime, ledger, messages } = setUp();
    const id = await ledger.create(spec('sibling'), never);
    await runtime.start(id, { signal: never });
    await ledger.undo(ended());
    expect(runtime.containers.size).toBe(1);
    expect(messages.at(-1)).toBe('sibling stays: it has been started already');
  });

  it('has nothing to undo where the engine refused', async () => {
    const { runtime, ledger, messages } = setUp();
    runtime.add({ id: 'foreign', name: 'sibling' });
    await expect(ledger.create(spec('sibling'), never)).rejects.toThrow('in use');
    await ledger.undo(ended());
    expect([...runtime.containers.keys()]).toEqual(['foreign']);
    expect(messages).toEqual([]);
  });

  it('removes what was created and could not be started', async () => {
    const { runtime, ledger } = setUp();
    const id = await ledger.create(spec('sibling'), never);
    runtime.before = (call) => {
      if (call.startsWith('start')) throw new CommandNotFoundError('no such command');
    };
    await expect(ledger.start(id, never)).rejects.toThrow('no such command');
    await ledger.undo(never);
    expect(runtime.containers.size).toBe(0);
  });

  it('gives a request a second to be answered, because the answer tells what to undo', async () => {
    const { runtime, ledger } = setUp();
    const ending = new AbortController();
    runtime.before = async (call) => {
      if (!call.startsWith('create')) return;
      ending.abort(new CancelledError('SIGTERM'));
      await sleep(200);
    };
    await expect(ledger.create(spec('sibling'), ending.signal)).rejects.toThrow(CancelledError);
    expect(runtime.containers.size).toBe(1);
    await ledger.undo(ending.signal);
    expect(runtime.containers.size).toBe(0);
  });

  it('removes what appears without an answer, and says when nothing does', async () => {
    const { runtime, ledger, messages } = setUp();
    const known = await ledger.create(spec('known'), never);
    const { calls, create } = runtime;
    let late: Promise<unknown> | undefined;
    runtime.create = async (asked, options) => {
      if (asked.name === 'late') late = sleep(100).then(() => create(asked, options));
      throw new TimeoutError('no answer');
    };
    await expect(ledger.create(spec('late'), never)).rejects.toThrow('no answer');
    await expect(ledger.create(spec('lost'), never)).rejects.toThrow('no answer');

    const before = performance.now();
    await ledger.undo(ended());
    await late;
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(calls.find((call) => call.startsWith('remove'))).toBe(`remove ${known}`);
    expect(runtime.containers.size).toBe(0);
    expect(messages.at(-1)).toBe('lost may be left behind: the engine did not answer in time; fake rm -f lost');
  });

  it('leaves a container of the same name alone that another launch has made', async () => {
    const { runtime, ledger, messages } = setUp();
    runtime.add({ id: 'theirs', name: 'sibling' });
    runtime.create = () => Promise.reject(new TimeoutError('no answer'));
    await expect(ledger.create(spec('sibling'), never)).rejects.toThrow('no answer');
    await ledger.undo(ended());
    expect([...runtime.containers.keys()]).toEqual(['theirs']);
    expect(messages.at(-1)).toContain('may be left behind');
  });

  describe('a create whose connection broke', () => {
    const broken = new EngineUnavailableError('the connection broke');

    it('is made again, and what it has made all the same is taken away', async () => {
      const { runtime, ledger, messages } = setUp();
      const { create } = runtime;
      runtime.create = async (asked, options) => {
        runtime.create = create;
        await create(asked, options);
        throw broken;
      };
      const id = await ledger.create(spec('sibling'), never);
      expect([...runtime.containers.keys()]).toEqual([id]);
      expect(runtime.calls).toEqual([
        'create sibling',
        'create sibling',
        expect.stringMatching(/^remove/),
        'create sibling',
      ]);
      expect(messages[0]).toBe('the connection broke; sibling is created again');
    });

    it('is not made where another has the name', async () => {
      const { runtime, ledger } = setUp();
      const { create } = runtime;
      runtime.create = () => {
        runtime.create = create;
        runtime.add({ id: 'theirs', name: 'sibling' });
        return Promise.reject(broken);
      };
      await expect(ledger.create(spec('sibling'), never)).rejects.toThrow('in use');
      await ledger.undo(never);
      expect([...runtime.containers.keys()]).toEqual(['theirs']);
    });
  });

  it('looks once for what was refused, as it may be a proxy that has answered', async () => {
    const { runtime, ledger } = setUp();
    const { create } = runtime;
    runtime.create = async (asked, options) => {
      await create(asked, options);
      throw new EngineRefusedError('status 500');
    };
    await expect(ledger.create(spec('sibling'), never)).rejects.toThrow('500');
    await ledger.undo(never);
    expect(runtime.containers.size).toBe(0);
  });
});
