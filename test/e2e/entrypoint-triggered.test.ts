import { beforeAll, describe, expect, inject } from 'vitest';
import { makeInertImages } from '../support/inert-images.ts';
import { labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

// Images in which there is no shell but offshoot's own.
const images = ['offshoot-test/inert-launcher:1', 'offshoot-test/inert-own-shell:1'];
const cases = onePer(inject('allEngines'), releaseOf).flatMap((engine) =>
  images.map((image) => ({ engine, image, kind: engine.kind })),
);

describe.each(cases)('triggered without a shell, $image on $kind', { concurrent: true }, ({ engine, image }) => {
  beforeAll(() => makeInertImages(engine));
  const it = labTest(engine);

  it('launches now: the sibling of the same image becomes its command', async ({ lab }) => {
    const launched = await lab.launch({ image, env: { OFFSHOOT_IMAGE: 'self' }, words: ['busybox', 'echo', 'a  b'] });
    expect(launched).toMatchObject({ exitCode: 0 });
    expect(await lab.ended(launched.result.id)).toBe(0);
    expect(await lab.logs(launched.result.id)).toEqual({ stdout: 'a  b', stderr: '' });
  });

  it('launches later', async ({ lab }) => {
    const since = Date.now();
    const env = { OFFSHOOT_IMAGE: 'self', OFFSHOOT_DELAY: '500ms' };
    const launched = await lab.launch({ image, env, words: ['busybox', 'echo', 'later'] });
    expect(launched).toMatchObject({ exitCode: 0 });
    await lab.gone(launched.result.waiter?.id ?? '');
    expect(await lab.ended(launched.result.id)).toBe(0);
    expect((await lab.logs(launched.result.id)).stdout).toBe('later');
    const [start] = await lab.startsOf(launched.self, since);
    expect((start?.timeNano ?? 0) / 1e6).toBeGreaterThanOrEqual(Date.parse(launched.result.startsAt ?? ''));
  });

  it('ends with the status of a failed launch', async ({ lab }) => {
    const launched = await lab.launch({ image, env: { OFFSHOOT_IMAGE: 'self' }, words: [], socket: false });
    expect(launched).toMatchObject({ exitCode: 69, stdout: '' });
  });
});
