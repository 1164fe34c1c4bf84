import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { EngineUnavailableError, TimeoutError } from '../../../src/errors.ts';
import { type Api, type ApiResponse, createApi } from '../../../src/runtime/docker/wire/api.ts';
import { parseEndpoint } from '../../../src/runtime/docker/wire/endpoint.ts';
import { httpAnswer } from '../../support/engine-proxy.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import { failureOf, never } from '../../support/runtime.ts';

function apiTo({ host }: Pick<FakeEngine, 'host'>, version?: string): Api {
  return createApi(parseEndpoint({ DOCKER_HOST: host }), { version });
}

async function readAll(response: ApiResponse): Promise<string> {
  let all = '';
  for await (const part of response.stream()) all += Buffer.from(part).toString();
  return all;
}

const get = { method: 'GET', path: '/x', signal: never } as const;
const json = (value: unknown): string => httpAnswer(200, 'application/json', JSON.stringify(value));
const header = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('a request', () => {
  it('has its version, path and query in its line, and all else in its body', async () => {
    const engine = await fakeEngine((client, request) => client.write(json(request)));
    const api = apiTo(engine, '1.44');
    const query = { name: 'a b&c', all: true, filters: '{"label":["x=y"]}' };
    await (await api({ ...get, method: 'POST', query, body: { Env: ['SECRET=1'] } })).discard();
    await (await api(get)).discard();
    expect(engine.requests).toEqual([
      'POST /v1.44/x?name=a%20b%26c&all=true&filters=%7B%22label%22%3A%5B%22x%3Dy%22%5D%7D',
      'GET /v1.44/x',
    ]);
  });

  it('takes nothing from the environment of the process', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
    vi.stubEnv('DOCKER_CERT_PATH', '/nonexistent');
    vi.stubEnv('DOCKER_TLS_VERIFY', '1');
    vi.stubEnv('DOCKER_CLIENT_TIMEOUT', '50');
    const engine = await fakeEngine((client) => void sleep(200).then(() => client.write(json('here'))));
    expect(await (await apiTo(engine)(get)).json()).toBe('here');
    vi.stubEnv('DOCKER_HOST', 'not a url');
    expect(await (await apiTo(engine)(get)).json()).toBe('here');
  });
});

describe('an answer', () => {
  it.each([301, 302, 307, 308])('with status %i leads nowhere else', async (status) => {
    const location = `HTTP/1.1 ${status} Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n`;
    const engine = await fakeEngine((client) => client.write(location));
    await expect(apiTo(engine)(get)).rejects.toThrow('it answers with a redirect');
  });

  it.each([200, 204, 304, 400, 404, 500])('with status %i is the caller’s to judge', async (status) => {
    const engine = await fakeEngine((client) => client.write(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`));
    const response = await apiTo(engine)(get);
    expect(response.status).toBe(status);
    await response.discard();
  });

  it('that is no JSON is a failure of the engine', async () => {
    const engine = await fakeEngine((client) => client.write(httpAnswer(200, 'text/html', '<html>')));
    const error = await failureOf((await apiTo(engine)(get)).json());
    expect(error).toBeInstanceOf(EngineUnavailableError);
  });

  it('has a message of one line, whatever wrote it', async () => {
    const bodies = ['{"message":"no such container"}', `<html>\n  <p>${'no '.repeat(1000)}`, ''];
    const engine = await fakeEngine((client) => client.write(httpAnswer(500, 'text/plain', bodies.shift() ?? '')));
    const api = apiTo(engine);
    expect(await (await api(get)).message()).toBe('no such container');
    const page = await (await api(get)).message();
    expect(page).toMatch(/^no no no/);
    expect(page.length).toBeLessThanOrEqual(300);
    expect(await (await api(get)).message()).toBe('');
  });

  it('is given up when it has no end', async () => {
    const part = Buffer.alloc(1024 * 1024, 32);
    const engine = await fakeEngine((client) => {
      client.write(header);
      const more = (): void => {
        while (!client.destroyed && client.write(`100000\r\n${part.toString()}\r\n`));
      };
      client.on('drain', more);
      more();
    });
    await expect((await apiTo(engine)(get)).json()).rejects.toThrow('its answer is longer than');
    await vi.waitFor(() => expect(engine.open()).toBe(0));
  });
});

describe('the time limit', () => {
  const slow = { ...get, timeoutMs: 100 };

  it.each<[where: string, bytes: string]>([
    ['before the answer', ''],
    ['in the header', 'HTTP/1.1 200 OK\r\nConte'],
    ['in the body', `${header}3\r\n{"a\r\n`],
  ])('ends a request that stands still %s, and its connection', async (_, bytes) => {
    const engine = await fakeEngine((client) => client.write(bytes));
    const error = await failureOf(apiTo(engine)(slow).then((response) => response.json()));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(String(error)).toContain('did not answer GET /x within 0.1 s');
    await vi.waitFor(() => expect(engine.open()).toBe(0));
  });

  it('counts for messages and what nobody reads too', async () => {
    const engine = await fakeEngine((client) => client.write(`${header}3\r\n{"a\r\n`));
    await expect(apiTo(engine)(slow).then((response) => response.message())).rejects.toThrow(TimeoutError);
    await expect(apiTo(engine)(slow).then((response) => response.discard())).rejects.toThrow(TimeoutError);
  });

  it('does not count for a stream that has begun', async () => {
    const engine = await fakeEngine((client) => {
      client.write(header);
      void sleep(300).then(() => client.write('3\r\nend\r\n0\r\n\r\n'));
    });
    expect(await readAll(await apiTo(engine)(slow))).toBe('end');
  });

  it('leaves no timer behind', async () => {
    const engine = await fakeEngine((client) => client.write(json('here')));
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const api = apiTo(engine);
    await (await api({ ...get, timeoutMs: 60_000 })).json();
    await (await api({ ...get, timeoutMs: 60_000 })).discard();
    await readAll(await api({ ...get, timeoutMs: 60_000 }));
    await failureOf(apiTo({ host: 'unix:///nonexistent.sock' })({ ...get, timeoutMs: 60_000 }));
    expect(timers()).toBe(before);
  });
});

it('a stream that is aborted fails with the reason, also where its end is that of the connection', async () => {
  for (const start of [header, 'HTTP/1.1 200 OK\r\n\r\n']) {
    const engine = await fakeEngine((client) => client.write(`${start}3\r\none\r\n`));
    const controller = new AbortController();
    const reason = new Error('enough');
    const work = readAll(await apiTo(engine)({ ...get, signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 20);
    await expect(work).rejects.toBe(reason);
    await vi.waitFor(() => expect(engine.open()).toBe(0));
  }
});

describe('a broken connection', () => {
  it('is noticed by who begins to read only afterwards', async () => {
    const engine = await fakeEngine((client) => {
      client.write(`${header}3\r\none\r\n`);
      void sleep(50).then(() => client.destroy());
    });
    const response = await apiTo(engine)(get);
    await vi.waitFor(() => expect(engine.open()).toBe(0));
    await sleep(20);
    const error = await failureOf(readAll(response));
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect(String(error)).toContain('broke at GET /x');
  });

  it('is the engine’s end when it leaves a stream in its middle', async () => {
    const engine = await fakeEngine((client) => client.end(`${header}3\r\none\r\n`));
    await expect(readAll(await apiTo(engine)(get))).rejects.toThrow(EngineUnavailableError);
  });

  it('is ours when we leave a stream in its middle', async () => {
    const engine = await fakeEngine((client) => client.write(`${header}3\r\none\r\n`));
    for await (const _ of (await apiTo(engine)(get)).stream()) break;
    await vi.waitFor(() => expect(engine.open()).toBe(0));
  });
});

it('a thousand calls with one signal leave no listener at it', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  const engine = await fakeEngine((client) => client.write(json('here')));
  const api = apiTo(engine);
  const { signal } = new AbortController();
  for (let turn = 0; turn < 100; turn++) {
    await Promise.all(Array.from({ length: 10 }, async () => (await api({ ...get, signal })).json()));
  }
  await sleep(10);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
