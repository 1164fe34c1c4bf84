import { beforeAll, describe, expect, inject, it } from 'vitest';
import { ImageUnavailableError, TimeoutError } from '../../src/errors.ts';
import { ensureImage } from '../../src/launch/image.ts';
import type { OffshootEvent } from '../../src/events.ts';
import type { ImageRecord } from '../../src/runtime/container.ts';
import type { PullProgress, Runtime } from '../../src/runtime/runtime.ts';
import { type Engine, startEngine } from '../../tools/engines/index.ts';
import { startProxy } from '../support/engine-proxy.ts';
import { onePer, releaseAndStoreOf } from '../support/one-per.ts';
import { type Registry, type RegistryFault, startRegistry } from '../support/registry.ts';
import { connectTo, failureOf, never } from '../support/runtime.ts';

const options = { signal: never };
const port = 5000;
const tokenPort = 5001;
const absent = `sha256:${'0'.repeat(64)}`;
// How cgroups are shown makes no difference to a pull.
const kinds = onePer(inject('engines'), releaseAndStoreOf);

/** What the registry does, and the words of it (or of an engine that keeps them to itself) that a user is to read. */
const faults: readonly (readonly [what: string, fault: RegistryFault, says: RegExp])[] = [
  [
    '401',
    { at: 'manifest', status: 401, code: 'UNAUTHORIZED', message: 'log in first' },
    /log in first|401 Unauthorized/,
  ],
  ['403', { at: 'manifest', status: 403, code: 'DENIED', message: 'not for you' }, /not for you|403 Forbidden/],
  ['429', { at: 'manifest', status: 429, code: 'TOOMANYREQUESTS', message: 'slow down' }, /slow down|429 Too Many/],
  ['500', { at: 'manifest', status: 500, code: 'UNKNOWN', message: 'oops' }, /500 Internal Server Error/],
  [
    '404 for its config',
    { at: 'config', status: 404, code: 'BLOB_UNKNOWN', message: 'no blob' },
    /unknown blob|not found/,
  ],
  ['403 for a layer', { at: 'layer', status: 403, code: 'DENIED', message: 'not this one' }, /not this one/],
  ['429 for a layer', { at: 'layer', status: 429, code: 'TOOMANYREQUESTS', message: 'slow down' }, /slow down/],
  ['a layer of other bytes', { at: 'layer', does: 'alter' }, /verification failed|unexpected commit digest/],
  ['a config of other bytes', { at: 'config', does: 'alter' }, /verification failed|unexpected commit digest/],
  ['half of a layer', { at: 'layer', does: 'cut' }, /unexpected EOF|byte range/],
];

describe.each(kinds)('pulls on $kind', ({ kind }) => {
  let engine: Engine;
  let registry: Registry;
  let tokens: Registry;
  let runtime: Runtime;

  beforeAll(async () => {
    [engine, registry, tokens] = await Promise.all([
      // Not five times, with pauses that grow by five seconds.
      startEngine(kind, { dockerdArgs: ['--max-download-attempts', '1'] }),
      startRegistry(),
      startRegistry({
        login: { by: 'token', username: 'somebody', password: 'a:word', identityToken: 'buys-tokens' },
      }),
    ]);
    await Promise.all([engine.forward(port, registry.socket), engine.forward(tokenPort, tokens.socket)]);
    runtime = await connectTo(engine.host);
    return () => Promise.all([engine.stop(), registry.close(), tokens.close()]);
  });

  /** As engines know it. */
  const named = (name: string, rest = ':1'): string => `127.0.0.1:${port}/${name}${rest}`;

  it.concurrent.each<[what: string, name: string, rest: (digest: string) => string]>([
    ['its tag', 'by/tag', () => ':1'],
    ['its digest', 'by/digest', (digest) => `@${digest}`],
    ['both', 'by/both', (digest) => `:1@${digest}`],
    ['both, of which the digest counts', 'by/digest-first', (digest) => `:another@${digest}`],
  ])('an image by %s', async (_, name, rest) => {
    const digest = registry.push(name, '1');
    const reference = named(name, rest(digest));
    expect(await runtime.inspectImage(reference, options)).toBeUndefined();
    const progress: PullProgress[] = [];
    await runtime.pull(reference, { ...options, onProgress: (step) => progress.push(step) });
    const image = await runtime.inspectImage(reference, options);
    expect(image?.digests).toEqual([named(name, `@${digest}`)]);
    expect(image?.config?.command).toEqual(['/marker']);
    expect(
      progress.some(({ layer, status }) => layer !== undefined && /Pull complete|Download complete/.test(status)),
    ).toBe(true);
    expect(progress.at(-1)?.status).toMatch(/^Status: Downloaded newer image/);
    // And once more, when all is there.
    await runtime.pull(reference, options);
  });

  it.concurrent.each<[what: string, rest: string]>([
    ['tag', ':nope'],
    ['digest', `@${absent}`],
  ])('an unknown %s is an error', async (_, rest) => {
    registry.push('known/image', '1');
    const error = await failureOf(runtime.pull(named('known/image', rest), options));
    expect(error).toBeInstanceOf(ImageUnavailableError);
    expect(error).toMatchObject({ exitStatus: 66, hint: 'There is no such image or tag at the registry.' });
  });

  it.concurrent.each(faults)('%s is an error, in its own words', async (what, fault, says) => {
    const name = `fault/${what.replaceAll(/\W/g, '-')}`;
    registry.push(name, '1');
    registry.fail(name, fault);
    const error = await failureOf(runtime.pull(named(name), options));
    expect(error).toBeInstanceOf(ImageUnavailableError);
    expect(error).toMatchObject({ exitStatus: 66 });
    expect(String(error)).toMatch(says);
    expect(String(error)).toContain(named(name));
    expect(await runtime.inspectImage(named(name), options)).toBeUndefined();
  });

  it.concurrent('an image for other platforms only is an error', async () => {
    registry.pushIndex('foreign/image', '1', ['linux/s390x']);
    const error = await failureOf(runtime.pull(named('foreign/image'), options));
    expect(error).toMatchObject({ exitStatus: 66, hint: 'There is no such image for this platform.' });
    expect(String(error)).toContain('no matching manifest');
  });

  it.concurrent('no registry is an error, and an image that is here stays as it is', async () => {
    registry.push('here/already', '1');
    await runtime.pull(named('here/already'), options);
    const before = await runtime.inspectImage(named('here/already'), options);
    // The registry is away for this name, and there is none at all at the other.
    registry.fail('here/already', { at: 'manifest', status: 503, code: 'UNAVAILABLE', message: 'away' });
    const gone = '127.0.0.1:5999/no/registry:1';
    for (const image of [named('here/already'), gone]) {
      const found = await runtime.inspectImage(image, options);
      const error = await failureOf(ensured(image, found, 'always'));
      expect(error).toBeInstanceOf(ImageUnavailableError);
    }
    expect(await runtime.inspectImage(named('here/already'), options)).toEqual(before);
    expect(await ensured(named('here/already'), before, 'missing')).toBe(before);
    expect(String(await failureOf(runtime.pull(gone, options)))).toMatch(/connection refused/);
  });

  it.concurrent('a tag that moved is pulled again with always', async () => {
    registry.push('moving/tag', '1');
    const first = await ensured(named('moving/tag'), undefined, 'missing');
    const digest = registry.push('moving/tag', '1');
    expect((await ensured(named('moving/tag'), first, 'missing')).id).toBe(first.id);
    const second = await ensured(named('moving/tag'), first, 'always');
    expect(second.id).not.toBe(first.id);
    expect(second.digests).toEqual([named('moving/tag', `@${digest}`)]);
  });

  it.concurrent('one that stands still is given up in time, or when it is told', async () => {
    registry.push('still/image', '1');
    registry.fail('still/image', { at: 'layer', does: 'stall' });
    const late = await failureOf(ensured(named('still/image'), undefined, 'missing', 1_000));
    expect(late).toBeInstanceOf(TimeoutError);
    expect(late).toMatchObject({ exitStatus: 75 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const cancelled = failureOf(runtime.pull(named('still/image'), { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 300);
    expect(await cancelled).toBe(reason);
    expect(await runtime.inspectImage(named('still/image'), options)).toBeUndefined();
  });

  it.concurrent('one that stands still is tried again, on a connection of its own', async () => {
    registry.push('still/once', '1', { layers: [4_000_000] });
    registry.fail('still/once', { at: 'layer', does: 'stall', times: 1 });
    const events: OffshootEvent[] = [];
    const report = (event: OffshootEvent): void => void events.push(event);
    const patience = { tries: 2, firstPauseMs: 10, stallMs: 1_500 };
    const request = {
      image: named('still/once'),
      pull: 'missing',
      pullTimeoutMs: 60_000,
      platform: undefined,
    } as const;
    await ensureImage(request, undefined, runtime, { ...options, env: {}, patience, report });
    expect(events.find(({ phase }) => phase === 'retry')).toMatchObject({
      reason: 'network',
      message: expect.stringContaining('stood still for') as string,
    });
    expect(events.at(-1)).toMatchObject({ phase: 'done', layers: 1, complete: 1 });
  });

  it.concurrent.each<[what: string, entry: object]>([
    ['a password', { auth: btoa('somebody:a:word') }],
    ['an identity token', { identitytoken: 'buys-tokens' }],
  ])('a registry that asks for tokens is paid by %s', async (what, entry) => {
    const name = `token/${what.replaceAll(' ', '-')}`;
    tokens.push(name, '1');
    const image = `127.0.0.1:${tokenPort}/${name}:1`;
    const env = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [`http://127.0.0.1:${tokenPort}/v2/`]: entry } }) };
    const request = { image, pull: 'missing', pullTimeoutMs: 60_000, platform: undefined } as const;
    await ensureImage(request, undefined, runtime, { ...options, env, report: () => {} });
    const without = failureOf(
      ensureImage({ ...request, pull: 'always' }, undefined, runtime, { ...options, env: {}, report: () => {} }),
    );
    expect(await without).toMatchObject({ reason: 'denied', exitStatus: 66 });
  });

  it('one whose connection to us breaks is an error, wherever it breaks', async () => {
    const proxy = await startProxy(engine.socket);
    const proxied = await connectTo(proxy.host);
    registry.push('broken/stream', '1');
    // All is there: the same short answer each time.
    await proxied.pull(named('broken/stream'), options);
    await proxied.pull(named('broken/stream'), options);
    const length = proxy.answerLength();
    for (const cutAfter of [0, 12, Math.floor(length / 2), length - 60, length - 1]) {
      proxy.rule((request) => (request.includes('/images/create') ? { cutAfter } : undefined));
      const error = await failureOf(proxied.pull(named('broken/stream'), options)).catch(() => 'it succeeded');
      expect([cutAfter, error]).toEqual([
        cutAfter,
        expect.objectContaining({ exitStatus: expect.any(Number) as unknown }),
      ]);
    }
    await proxy.close();
  });

  function ensured(
    image: string,
    found: ImageRecord | undefined,
    pull: 'missing' | 'always',
    pullTimeoutMs = 60_000,
  ): Promise<ImageRecord> {
    const request = { image, pull, pullTimeoutMs, platform: undefined };
    const patience = { tries: 2, firstPauseMs: 10 };
    return ensureImage(request, found, runtime, { ...options, env: {}, patience, report: () => {} });
  }
});
