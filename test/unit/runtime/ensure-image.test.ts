import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { ImageUnavailableError, TimeoutError } from '../../../src/errors.ts';
import type { OffshootEvent } from '../../../src/events.ts';
import { ensureImage } from '../../../src/launch/image.ts';
import type { ImageRecord } from '../../../src/runtime/container.ts';
import type { PullProgress, Runtime } from '../../../src/runtime/runtime.ts';
import { never } from '../../support/runtime.ts';

const here: ImageRecord = { id: 'sha256:1', digests: [], config: undefined };
const pulled: ImageRecord = { id: 'sha256:2', digests: [], config: undefined };

type Pull = Runtime['pull'];

function setUp(pull: Pull = async () => {}) {
  const runtime = { pull: vi.fn(pull), inspectImage: vi.fn(async (): Promise<ImageRecord | undefined> => pulled) };
  const events: OffshootEvent[] = [];
  const ensure = (
    found: ImageRecord | undefined,
    request: { image?: string; pull?: 'missing' | 'always' | 'never'; pullTimeoutMs?: number } = {},
    signal: AbortSignal = never,
  ): Promise<ImageRecord> =>
    ensureImage(
      { image: 'app:1', pull: 'missing', pullTimeoutMs: 60_000, ...request },
      found,
      runtime as unknown as Runtime,
      { signal, report: (event) => events.push(event) },
    );
  return { runtime, events, ensure };
}

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
    const { ensure } = setUp(async () => {
      throw new ImageUnavailableError('the registry is away');
    });
    await expect(ensure(here, { pull: 'always' })).rejects.toThrow('the registry is away');
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

describe('a pull', () => {
  const endless: Pull = async (_, { signal }) => {
    await sleep(60_000, undefined, { signal }).catch(() => {});
    throw signal.reason;
  };

  it('that takes too long is a time-out, which names its variable', async () => {
    const error = await setUp(endless)
      .ensure(undefined, { pullTimeoutMs: 30 })
      .catch((reason: unknown) => reason);
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

  it('is told once, then at most every five seconds, and never runs backwards', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const mebibyte = 1024 * 1024;
    const steps: PullProgress[] = [
      { status: 'Pulling from app' },
      { layer: 'a', status: 'Waiting' },
      { layer: 'b', status: 'Downloading', total: 2 * mebibyte },
      { layer: 'a', status: 'Downloading', current: mebibyte, total: 4 * mebibyte },
      { layer: 'a', status: 'Downloading', current: 3 * mebibyte, total: 4 * mebibyte },
      { layer: 'a', status: 'Download complete' },
      { layer: 'a', status: 'Extracting', current: 1, total: 4 * mebibyte },
      { layer: 'b', status: 'Pull complete' },
    ];
    const { events, ensure } = setUp(async (_, { onProgress }) => {
      for (const step of steps) {
        onProgress?.(step);
        onProgress?.(step);
        vi.advanceTimersByTime(5_000);
      }
    });
    await ensure(undefined);
    vi.useRealTimers();
    expect(events.map(({ message }) => message)).toEqual([
      'pulling app:1',
      'pulling app:1: 1 layers, 0.0 of 0.0 MiB',
      'pulling app:1: 2 layers, 0.0 of 2.0 MiB',
      'pulling app:1: 2 layers, 1.0 of 6.0 MiB',
      'pulling app:1: 2 layers, 3.0 of 6.0 MiB',
      'pulling app:1: 2 layers, 4.0 of 6.0 MiB',
      'pulling app:1: 2 layers, 4.0 of 6.0 MiB',
      'pulling app:1: 2 layers, 6.0 of 6.0 MiB',
    ]);
  });
});
