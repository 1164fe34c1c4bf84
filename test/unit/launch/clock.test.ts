import { afterEach, describe, expect, it, vi } from 'vitest';
import { CancelledError } from '../../../src/errors.ts';
import { bootId, deadlineIn, msSince, sleepUntil, uptimeMs } from '../../../src/launch/clock.ts';

const never = new AbortController().signal;

describe('clock', () => {
  afterEach(() => void vi.useRealTimers());

  it('counts from the boot of the machine, and tells people the time of day', () => {
    const [before, now] = [uptimeMs(), Date.now()];
    const deadline = deadlineIn(5_000);
    expect(deadline.uptimeMs - before).toBeGreaterThanOrEqual(5_000);
    expect(deadline.uptimeMs - before).toBeLessThan(6_000);
    expect(deadline.at.getTime() - now).toBeGreaterThanOrEqual(5_000);
    expect(deadline.bootId).toBe(bootId());
    expect(bootId()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['2000-01-01', '2100-01-01'])('a clock that is set to %s in between makes no difference', async (day) => {
    const deadline = deadlineIn(100);
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(day) });
    const before = performance.now();
    await sleepUntil(deadline.uptimeMs, never);
    expect(performance.now() - before).toBeGreaterThan(80); // the kernel tells it in steps of ten
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('is never early', async () => {
    const { uptimeMs: deadline } = deadlineIn(37);
    await sleepUntil(deadline, never);
    expect(uptimeMs()).toBeGreaterThanOrEqual(deadline);
  });

  it('does not wait for what is over', async () => {
    const before = performance.now();
    await sleepUntil(uptimeMs() - 1_000_000, never);
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('tells how long ago something was, as far as the clock can tell', () => {
    expect(msSince(new Date(Date.now() - 5_000).toISOString())).toBeGreaterThanOrEqual(5_000);
    expect([msSince('2100-01-01T00:00:00.123456789Z'), msSince(undefined), msSince('x')]).toEqual([0, 0, 0]);
  });

  it('ends with the reason of the signal', async () => {
    const ending = new AbortController();
    const slept = sleepUntil(uptimeMs() + 60_000, ending.signal);
    ending.abort(new CancelledError('SIGTERM'));
    await expect(slept).rejects.toThrow(CancelledError);
  });
});
