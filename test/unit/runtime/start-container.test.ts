import { expect, it } from 'vitest';
import { createApi } from '../../../src/runtime/docker/wire/api.ts';
import { parseEndpoint } from '../../../src/runtime/docker/wire/endpoint.ts';
import { startContainer } from '../../../src/runtime/docker/containers/start-container.ts';
import { httpAnswer } from '../../support/engine-proxy.ts';
import { fakeEngine } from '../../support/fake-engine.ts';
import { never } from '../../support/runtime.ts';

// As Docker 20.10 has said it.
const passing =
  'driver failed programming external connectivity: failed to set IPv6 gateway while updating gateway: file exists';

async function engineThatRefuses(message: string, times: number) {
  let left = times;
  const engine = await fakeEngine((client) => {
    left -= 1;
    const refused = httpAnswer(500, 'application/json', JSON.stringify({ message }));
    client.write(left >= 0 ? refused : 'HTTP/1.1 204 No Content\r\n\r\n');
  });
  return { engine, api: createApi(parseEndpoint({ DOCKER_HOST: engine.host })) };
}

it.each([1, 3])('a start that fails for a moment is tried again: %i times', async (times) => {
  const { engine, api } = await engineThatRefuses(passing, times);
  await startContainer(api, 'app', never);
  expect(engine.requests).toHaveLength(times + 1);
});

it.each([
  [passing, 4],
  ['port is already allocated', 1],
])('a start that fails for good is an error: %s', async (message, asked) => {
  const { engine, api } = await engineThatRefuses(message, 100);
  await expect(startContainer(api, 'app', never)).rejects.toThrow(message);
  expect(engine.requests).toHaveLength(asked);
});

it.each([502, 503, 504])('a proxy that answers %i has not said what the engine does', async (status) => {
  const engine = await fakeEngine((client) => client.write(httpAnswer(status, 'text/html', '<p>no backend')));
  const api = createApi(parseEndpoint({ DOCKER_HOST: engine.host }));
  const work = startContainer(api, 'app', never);
  await expect(work).rejects.toThrow(`what stands before the engine at ${engine.host} answers ${status}`);
  await expect(work).rejects.toMatchObject({ exitStatus: 69 });
});
