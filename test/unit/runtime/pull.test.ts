import type { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { ImageUnavailableError, InvalidArgumentError } from '../../../src/errors.ts';
import type { PullProgress, Runtime } from '../../../src/runtime/runtime.ts';
import { httpAnswer } from '../../support/engine-proxy.ts';
import { type FakeEngine, fakeEngine, healthy } from '../../support/fake-engine.ts';
import { connectTo, failureOf, never } from '../../support/runtime.ts';

const header = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
const end = '0\r\n\r\n';
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const line = (value: object): string => chunk(`${JSON.stringify(value)}\r\n`);
const complete = line({ status: 'Status: Downloaded newer image for team/app:1' });

async function pulling(serve: (client: Socket) => void): Promise<{ runtime: Runtime; engine: FakeEngine }> {
  const engine = await fakeEngine(healthy(serve));
  return { runtime: await connectTo(engine.host), engine };
}

describe('a pull', () => {
  it('succeeds when the engine says that all is there, and tells its progress', async () => {
    const { runtime } = await pulling((client) =>
      client.write(
        header +
          line({ status: 'Pulling from team/app', id: '1' }) +
          line({ status: 'Downloading', progressDetail: { current: 5, total: 10 }, progress: '[=> ]', id: 'ab12' }) +
          line({ status: 'Download complete', progressDetail: {}, id: 'ab12' }) +
          complete +
          end,
      ),
    );
    const progress: PullProgress[] = [];
    await runtime.pull('team/app:1', { signal: never, onProgress: (step) => progress.push(step) });
    expect(progress).toEqual([
      { status: 'Pulling from team/app' },
      { layer: 'ab12', status: 'Downloading', phase: 'downloading', current: 5, total: 10 },
      { layer: 'ab12', status: 'Download complete', phase: 'downloaded' },
      { status: 'Status: Downloaded newer image for team/app:1' },
    ]);
  });

  const digest = `sha256:${'a'.repeat(64)}`;
  it.each<[reference: string, query: string]>([
    ['app', 'fromImage=app&tag=latest'],
    ['app:1.10', 'fromImage=app&tag=1.10'],
    ['127.0.0.1:5000/team/app', 'fromImage=127.0.0.1%3A5000%2Fteam%2Fapp&tag=latest'],
    [`app@${digest}`, `fromImage=app&tag=${encodeURIComponent(digest)}`],
    [`app:1@${digest}`, `fromImage=app&tag=${encodeURIComponent(digest)}`],
  ])('of %s asks for one image, never for all tags', async (reference, query) => {
    const { runtime, engine } = await pulling((client) => client.write(header + complete + end));
    await runtime.pull(reference, { signal: never });
    expect(engine.requests.at(-1)).toBe(`POST /v1.51/images/create?${query}`);
  });
});

describe('a pull that fails although the engine has answered 200', () => {
  it.each<[what: string, stream: string, says: string]>([
    [
      'an error in its stream',
      line({ errorDetail: { message: 'x' }, error: 'manifest unknown' }) + end,
      'manifest unknown',
    ],
    ['an error, and more after it', line({ error: 'denied' }) + complete + end, 'denied'],
    ['an error in its new form alone', line({ errorDetail: { message: 'no space left' } }) + end, 'no space left'],
    ['an error without words', line({ errorDetail: {} }) + end, 'does not say why'],
    ['a last line without its newline', chunk('{"error":"denied"}') + end, 'denied'],
    [
      'an end after a layer',
      line({ status: 'Download complete', id: 'ab12' }) + end,
      'broke off before it was complete',
    ],
    ['an end too early', line({ status: 'Pull complete', id: 'ab12' }) + end, 'broke off before it was complete'],
    ['no line at all', end, 'broke off before it was complete'],
    ['a line cut in two', chunk('{"status":"Status: Down') + end, 'broke off before it was complete'],
    ['something else than JSON', chunk('<html>\n') + complete + end, 'broke off before it was complete'],
    ['JSON of another kind', line([1]) + complete + end, 'broke off before it was complete'],
  ])('%s', async (_, stream, says) => {
    const { runtime } = await pulling((client) => client.write(header + stream));
    const error = await failureOf(runtime.pull('team/app:1', { signal: never }));
    expect(error).toBeInstanceOf(ImageUnavailableError);
    expect(String(error)).toContain(says);
    expect(String(error)).toContain('team/app:1');
  });

  it('a connection cut, even after the last line', async () => {
    for (const stream of ['', line({ status: 'Downloading', id: 'ab12' }), complete]) {
      const { runtime } = await pulling((client) => client.end(header + stream));
      await expect(runtime.pull('app', { signal: never })).rejects.toThrow('broke off before it was complete');
    }
  });
});

describe('a pull that fails at once', () => {
  it.each<[status: number, message: string, hint: string | undefined]>([
    [404, 'pull access denied for x, repository does not exist', 'is a login needed?'],
    [404, 'image with reference x was found but does not match the specified platform', 'no such image for this'],
    [500, 'Get "https://r/v2/": dial tcp: lookup r: no such host', 'cannot reach the registry'],
    [500, 'toomanyrequests: You have reached your pull rate limit', 'limits how often'],
    [500, 'something new', undefined],
  ])('with %i %s', async (status, message, hint) => {
    const { runtime } = await pulling((client) =>
      client.write(httpAnswer(status, 'application/json', JSON.stringify({ message }))),
    );
    const error = await failureOf(runtime.pull('app', { signal: never }));
    expect(error).toMatchObject({ exitStatus: 66, message: `app cannot be pulled: ${message}` });
    expect((error as ImageUnavailableError).hint ?? '').toContain(hint ?? '');
  });

  it('because there is no such name', async () => {
    const { runtime } = await pulling(() => {});
    await expect(runtime.pull('Team/App', { signal: never })).rejects.toThrow(InvalidArgumentError);
  });
});

it('a pull that is cancelled in its middle ends with the signal’s reason, and its connection with it', async () => {
  const { runtime, engine } = await pulling((client) => client.write(header + line({ status: 'Waiting', id: 'ab12' })));
  const controller = new AbortController();
  const reason = new Error('enough');
  const work = runtime.pull('app', { signal: controller.signal, onProgress: () => controller.abort(reason) });
  await expect(work).rejects.toBe(reason);
  await vi.waitFor(() => expect(engine.open()).toBeLessThanOrEqual(1)); // that of GET /version is kept for the next
});
