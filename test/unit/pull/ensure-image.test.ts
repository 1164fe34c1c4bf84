import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { EngineUnavailableError, ImageUnavailableError, TimeoutError } from '../../../src/errors.ts';
import type { OffshootEvent } from '../../../src/events.ts';
import { ensureImage } from '../../../src/launch/image.ts';
import type { ImageRecord } from '../../../src/runtime/container.ts';
import type { Adapter } from '../../../src/runtime/adapter.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { failureOf, never, promptFailureOf } from '../../support/runtime.ts';

const here: ImageRecord = { id: 'sha256:1', digests: [], platform: 'linux/amd64', config: undefined };
const pulled: ImageRecord = { id: 'sha256:2', digests: [], platform: 'linux/amd64', config: undefined };

type Pull = Adapter['pull'];
type Request = Partial<Parameters<typeof ensureImage>[0]>;

function setUp(pull: Pull = async () => {}, patience = { tries: 5, firstPauseMs: 1 }) {
  const runtime = {
    features: {},
    pull: vi.fn(pull),
    inspectImage: vi.fn(async (): Promise<ImageRecord | undefined> => pulled),
  };
  const events: OffshootEvent[] = [];
  const ensure = (
    found: ImageRecord | undefined,
    request: Request = {},
    signal: AbortSignal = never,
  ): Promise<ImageRecord> =>
    ensureImage(
      { image: 'app:1', pull: 'missing', pullTimeoutMs: 60_000, platform: undefined, ...request },
      found,
      runtime as unknown as Runtime,
      { signal, report: (event) => events.push(event), env: { HOME: '/nonexistent' }, patience },
    );
  return { runtime, events, ensure };
}

const gone = new ImageUnavailableError('the registry is away', { reason: 'network', temporary: true });

describe('an image that is on the engine', () => {
  it.each(['missing', 'never'] as const)('is taken with %s', async (pull) => {
    const { runtime, ensure } = setUp();
    expect(await ensure(here, { pull })).toBe(here);
    expect(runtime.pull).not.toHaveBeenCalled();
  });

  it('is pulled with always', async () => {
    const { runtime, ensure } = setUp();
    expect(await ensure(here, { pull: 'always' })).toBe(pulled);
    expect(runtime.pull).toHaveBeenCalledWith('app:1', expect.anything());
  });

  it('is not enough with always when the pull fails', async () => {
    const { ensure } = setUp(() => Promise.reject(gone));
    await expect(ensure(here, { pull: 'always' })).rejects.toMatchObject({
      reason: 'network',
      message: 'the registry is away (the last of 5 tries)',
      hint: 'The engine has an older one, which OFFSHOOT_PULL=missing takes.',
    });
  });

  it('is taken by the beginning of its id with always, which is not the name of somebody’s image', async () => {
    const { runtime, ensure } = setUp();
    const found = { ...here, id: `sha256:0123456789ab${'c'.repeat(52)}` };
    expect(await ensure(found, { pull: 'always', image: '0123456789ab' })).toBe(found);
    expect(runtime.pull).not.toHaveBeenCalled();
  });

  it('is taken by its id even with always, as an id cannot be pulled', async () => {
    const { runtime, ensure } = setUp();
    expect(await ensure(here, { pull: 'always', image: `sha256:${'a'.repeat(64)}` })).toBe(here);
    expect(runtime.pull).not.toHaveBeenCalled();
  });
});

describe('an image that is not on the engine', () => {
  it('is pulled', async () => {
    expect(await setUp().ensure(undefined)).toBe(pulled);
  });

  it('is an error with never', async () => {
    await expect(setUp().ensure(undefined, { pull: 'never' })).rejects.toThrow(
      /app:1 is not on the engine.*OFFSHOOT_PULL=never/,
    );
  });

  it('is an error when only its id is known', async () => {
    const image = 'a'.repeat(64);
    await expect(setUp().ensure(undefined, { image })).rejects.toThrow('an id cannot be pulled');
  });

  it('is an error when it is not there after a pull that was said to be complete', async () => {
    const { runtime, ensure } = setUp();
    runtime.inspectImage.mockResolvedValue(undefined);
    await expect(ensure(undefined)).rejects.toThrow('app:1 was pulled, but it is not on the engine');
  });
});

describe('an image of another platform', () => {
  const platform = 'linux/arm64';

  it('that is here is told of with never', async () => {
    const { runtime, ensure } = setUp();
    runtime.inspectImage.mockResolvedValue(here);
    await expect(ensure(undefined, { pull: 'never', platform })).rejects.toMatchObject({
      reason: 'platform',
      message:
        'app:1 is on the engine for linux/amd64, not for linux/arm64, and it may not be pulled (OFFSHOOT_PULL=never)',
    });
    expect(runtime.pull).not.toHaveBeenCalled();
  });

  it('is no success, although the engine says so', async () => {
    const { runtime, ensure } = setUp();
    await expect(ensure(undefined, { platform })).rejects.toMatchObject({
      reason: 'platform',
      message: 'app:1 is there for linux/amd64, not for linux/arm64',
    });
    expect(runtime.pull).toHaveBeenCalledWith('app:1', expect.objectContaining({ platform }));
    expect(runtime.pull).toHaveBeenCalledTimes(1);
  });
});

describe('a pull', () => {
  const endless: Pull = async (_, { signal }) => {
    await sleep(60_000, undefined, { signal }).catch(() => {});
    throw signal.reason;
  };

  it('that takes too long is a time-out, which names its variable', async () => {
    const error = await failureOf(setUp(endless).ensure(undefined, { pullTimeoutMs: 30 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(String(error)).toContain('the pull of app:1 took longer than 30ms (OFFSHOOT_PULL_TIMEOUT)');
  });

  it('that is cancelled ends with the signal’s own reason', async () => {
    const controller = new AbortController();
    const work = setUp(endless).ensure(undefined, {}, controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  it('that is cancelled while it pauses ends at once', async () => {
    const controller = new AbortController();
    const { ensure, events } = setUp(() => Promise.reject(gone), { tries: 5, firstPauseMs: 20_000 });
    const work = ensure(undefined, {}, controller.signal);
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ phase: 'retry' }));
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await promptFailureOf(work)).toBe(reason);
  });
});

describe('what may pass', () => {
  const failing = (times: number, error: Error): Pull => {
    let left = times;
    return () => ((left -= 1) >= 0 ? Promise.reject(error) : Promise.resolve());
  };

  it.each([1, 2, 3, 4])('is tried again after %i failures, and told', async (times) => {
    const { runtime, events, ensure } = setUp(failing(times, gone));
    expect(await ensure(undefined)).toBe(pulled);
    expect(runtime.pull).toHaveBeenCalledTimes(times + 1);
    const retries = events.filter(({ phase }) => phase === 'retry');
    expect(retries.map(({ message }) => message)).toEqual(
      Array.from({ length: times }, (_, at) =>
        expect.stringMatching(new RegExp(`^the registry is away; try ${at + 2} of 5 in \\d+ms$`)),
      ),
    );
    expect(retries[0]).toMatchObject({ level: 'warn', event: 'pull', image: 'app:1', reason: 'network', try: 2 });
  });

  it('is given up after five tries, with the last cause', async () => {
    const { runtime, ensure } = setUp(failing(5, gone));
    await expect(ensure(undefined)).rejects.toMatchObject({ message: 'the registry is away (the last of 5 tries)' });
    expect(runtime.pull).toHaveBeenCalledTimes(5);
  });

  it('is also an engine that is away for a moment', async () => {
    const { ensure } = setUp(failing(2, new EngineUnavailableError('the connection broke')));
    expect(await ensure(undefined)).toBe(pulled);
    const { ensure: never } = setUp(failing(9, new EngineUnavailableError('the connection broke')));
    await expect(never(undefined)).rejects.toMatchObject({
      exitStatus: 69,
      message: expect.stringContaining('5 tries') as string,
    });
  });

  it('is not waited for when no time is left for it', async () => {
    const { runtime, ensure } = setUp(failing(9, gone), { tries: 5, firstPauseMs: 100_000 });
    await expect(ensure(undefined, { pullTimeoutMs: 30_000 })).rejects.toMatchObject({
      exitStatus: 66,
      message: 'the registry is away (tried once; OFFSHOOT_PULL_TIMEOUT leaves no time for another)',
    });
    expect(runtime.pull).toHaveBeenCalledTimes(1);
  });

  it.each<[what: string, error: Error]>([
    ['a refusal', new ImageUnavailableError('denied', { reason: 'denied' })],
    ['a full disk', new ImageUnavailableError('no space', { reason: 'no-space' })],
    ['a fault of ours', new TypeError('undefined is not a function')],
    ['a limit without a time', new ImageUnavailableError('toomanyrequests', { reason: 'rate-limit' })],
  ])('%s is none of it', async (_, error) => {
    const { runtime, events, ensure } = setUp(() => Promise.reject(error));
    expect(String(await failureOf(ensure(undefined)))).toContain(error.message);
    expect(runtime.pull).toHaveBeenCalledTimes(1);
    expect(events.filter(({ phase }) => phase === 'retry')).toEqual([]);
  });

  it('is a limit that tells how long, and not asked again before', async () => {
    const limited = new ImageUnavailableError('slow down', { reason: 'rate-limit', temporary: true, retryAfterMs: 60 });
    const { runtime, ensure } = setUp(failing(1, limited));
    const begin = performance.now();
    await ensure(undefined);
    expect(performance.now() - begin).toBeGreaterThan(59);
    expect(runtime.pull).toHaveBeenCalledTimes(2);
  });

  it('is not a limit that lasts longer than we may', async () => {
    const limited = new ImageUnavailableError('slow down', {
      reason: 'rate-limit',
      temporary: true,
      retryAfterMs: 3_600_000,
    });
    const { runtime, ensure } = setUp(() => Promise.reject(limited));
    const error = await failureOf(ensure(undefined));
    expect(String(error)).toMatch(
      /tried once; it may be asked again at 2\d{3}-.*Z, later than OFFSHOOT_PULL_TIMEOUT allows/,
    );
    expect(error).toMatchObject({ reason: 'rate-limit', exitStatus: 66 });
    expect(runtime.pull).toHaveBeenCalledTimes(1);
  });
});

describe('a refusal', () => {
  const denied: Pull = () => Promise.reject(new ImageUnavailableError('denied', { reason: 'denied', hint: 'why?' }));

  it('without a login says where none was found', async () => {
    await expect(setUp(denied).ensure(undefined, { image: 'ghcr.io/a/b' })).rejects.toMatchObject({
      hint: 'No login for ghcr.io was sent, as there is none in /nonexistent/.docker/config.json. Is the name right?',
    });
  });

  it('on an engine with logins of its own says no such thing', async () => {
    const { runtime, ensure } = setUp(denied);
    Object.assign(runtime.features, { registryAuth: false });
    await expect(ensure(undefined)).rejects.toMatchObject({ hint: 'why?' });
  });
});
