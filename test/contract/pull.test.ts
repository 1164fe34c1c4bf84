import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { ImageUnavailableError } from '../../src/errors.ts';
import type { PullProgress, Runtime } from '../../src/runtime/runtime.ts';
import { onePer, releaseAndStoreOf } from '../support/one-per.ts';
import { offerRegistries } from '../support/registry-on-engine.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { connectTo, failureOf, promptFailureOf } from '../support/runtime.ts';

const port = 5077;
const engines = onePer(inject('allEngines'), releaseAndStoreOf);

describe.each(engines)('images.pull on $kind', (engine) => {
  const reference = (name: string): string => `127.0.0.1:${port}/${name}:1`;
  let registry: Registry;
  let runtime: Runtime;

  beforeAll(async () => {
    registry = await startRegistry();
    const withdraw = await offerRegistries(engine, { [port]: registry });
    runtime = await connectTo(engine.host);
    return async () => {
      for (const { id, tags } of await runtime.images.list())
        if (tags.some((tag) => tag.startsWith(`127.0.0.1:${port}/`)) || tags.length === 0)
          await runtime.images.remove(id, { force: true, ignoreMissing: true }).catch(() => {}); // another's
      await withdraw();
      await registry.close();
    };
  });

  it('goes by its policy: missing, never, always', async () => {
    const { images } = runtime;
    const image = reference('by/policy');
    registry.push('by/policy', '1');
    expect(await failureOf(images.pull(image, { policy: 'never' }))).toBeInstanceOf(ImageUnavailableError);
    expect(registry.requests).toEqual([]);
    const first = await images.pull(image);
    expect(first).toMatchObject({ pulled: true, dropped: 0 });
    expect(first.image.tags).toContain(image);
    const asked = registry.requests.length;
    // The registry has another one by now, which only `always` asks for.
    registry.push('by/policy', '1');
    for (const policy of ['missing', 'never'] as const) {
      const again = await images.pull(image, { policy });
      expect([again.pulled, again.image.id]).toEqual([false, first.image.id]);
    }
    expect(registry.requests.length).toBe(asked);
    const newer = await images.pull(image, { policy: 'always' });
    expect(newer.pulled).toBe(true);
    expect(newer.image.id).not.toBe(first.image.id);
    expect(await images.digest(image)).toMatch(/^sha256:/);
  });

  it('tells its progress, one event at a time, also to who is slow', async () => {
    registry.push('by/progress', '1');
    const told: (PullProgress & { dropped: number })[] = [];
    let busy = 0;
    const { dropped } = await runtime.images.pull(reference('by/progress'), {
      async onProgress(step) {
        expect(++busy).toBe(1);
        await sleep(5);
        busy -= 1;
        told.push(step);
      },
    });
    expect(told.length).toBeGreaterThan(1);
    expect(told.some(({ layer, phase }) => layer !== undefined && phase !== undefined)).toBe(true);
    expect(dropped).toBe(told.reduce((sum, step) => sum + step.dropped, 0));
  });

  it('is an error for what the registry does not have, and given up at once', async () => {
    registry.push('by/other', '1');
    const missing = await failureOf(runtime.images.pull(reference('by/nobody')));
    expect(missing).toBeInstanceOf(ImageUnavailableError);
    // It never answers for this one.
    registry.fail('by/other', { at: 'layer', does: 'stall' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const work = runtime.images.pull(reference('by/other'), { signal: controller.signal });
    work.catch(() => {}); // looked at below
    await expect
      .poll(() => registry.requests.some((request) => /by\/other\/blobs/.test(request)), { timeout: 20_000 })
      .toBe(true);
    controller.abort(reason);
    expect(await promptFailureOf(work)).toBe(reason);
  });
});

// oxlint-disable-next-line vitest/expect-expect -- a file without a test fails
it('has engines to be kept on', ({ skip }) => skip(engines.length === 0, 'only others were asked for'));
