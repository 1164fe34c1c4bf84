import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { get } from '../../tools/engines/api.ts';
import { dockerOf } from '../support/docker.ts';
import { type EngineProxy, httpAnswer, startProxy } from '../support/engine-proxy.ts';
import { collect, connectTo, failureOf, never } from '../support/runtime.ts';
import { nothingLeft } from './nothing-left.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const options = { signal: never };
const image = 'offshoot-test/busybox:1';

describe.each(onePer(inject('engines'), releaseOf))('requests to $kind', (engine) => {
  const docker = dockerOf(engine);
  let proxy: EngineProxy;
  let version: Record<string, string>;

  beforeAll(async () => {
    proxy = await startProxy(engine.socket);
    version = JSON.parse(await get(engine.socket, '/version')) as Record<string, string>;
    return async () => {
      await proxy.close();
      await nothingLeft(docker);
    };
  });

  /** The engine, as if these were its versions. */
  function speaking(versions: Record<string, string>): void {
    const answer = httpAnswer(200, 'application/json', JSON.stringify({ ...version, ...versions }));
    const silent = httpAnswer(200, 'text/plain', 'OK');
    proxy.rule((request) =>
      request === 'GET /version' ? { answer } : request === 'GET /_ping' ? { answer: silent } : undefined,
    );
    proxy.requests.length = 0;
  }

  it('put what is to be created into the body alone', async () => {
    proxy.rule(() => undefined);
    const runtime = await connectTo(proxy.host);
    const secret = 'hunter2-secret';
    const spec = { name: `${docker.mark}-1`, image, labels: { [docker.mark]: '' }, env: [`TOKEN=${secret}`] };
    const { id } = await runtime.create({ ...spec, command: ['true'], networkMode: 'none' }, options);
    await runtime.start(id, options);
    await runtime.wait(id, options);
    await collect(await runtime.logs(id, options));
    await runtime.inspect(id, options);
    await runtime.list({ ...options, labels: { [docker.mark]: '' } });
    await runtime.remove(id, options);
    expect(proxy.requests).toContain(`POST /v${engine.apiVersion}/containers/create?name=${spec.name}`);
    expect(proxy.received().split(secret)).toHaveLength(2); // once, in the body
    for (const request of proxy.requests) expect(request).not.toMatch(/hunter2|TOKEN|Env/);
    // The engine is greeted once, and its version named in all that follows.
    const [first, ...others] = proxy.requests;
    expect(first).toBe('GET /_ping');
    for (const request of others) expect(request).toContain(` /v${engine.apiVersion}/`);
  });

  it.each<[versions: Record<string, string>, used: string]>([
    [{ ApiVersion: '1.41' }, '1.41'],
    [{ ApiVersion: '1.44', MinAPIVersion: '1.24' }, '1.44'],
    [{ ApiVersion: '1.51' }, '1.51'],
    [{ ApiVersion: '1.52', MinAPIVersion: '1.44' }, '1.51'],
    [{ ApiVersion: '1.101', MinAPIVersion: '1.44' }, '1.51'],
    [{ ApiVersion: '2.0', MinAPIVersion: '1.44' }, '1.51'],
    // What we know is gone there: what it still speaks is the nearest.
    [{ ApiVersion: '1.60', MinAPIVersion: '1.55' }, '1.55'],
  ])('to one that speaks %j are made in %s', async (versions, used) => {
    speaking(versions);
    const runtime = await connectTo(proxy.host);
    expect(runtime.description).toContain(`(API ${used})`);
    // An older engine refuses what it does not know.
    await runtime.inspect('nope', options).catch(() => {});
    expect(proxy.requests[2]).toBe(`GET /v${used}/containers/nope/json`);
  });

  it('are not made to one that is too old, whatever DOCKER_API_VERSION says', async () => {
    speaking({ ApiVersion: '1.40' });
    for (const env of [{}, { DOCKER_API_VERSION: '1.41' }] as Record<string, string>[]) {
      const error = await failureOf(connectTo(proxy.host, env));
      expect(error).toMatchObject({ exitStatus: 69 });
      expect(String(error)).toContain('speaks API 1.40; offshoot needs 1.41 (Docker 20.10) or newer');
    }
  });

  it.each(['1.41', 'v1.41'])('are made in DOCKER_API_VERSION=%s', async (DOCKER_API_VERSION) => {
    speaking({});
    const runtime = await connectTo(proxy.host, { DOCKER_API_VERSION });
    expect(await runtime.inspectImage(image, options)).toBeDefined();
    expect(proxy.requests[2]).toBe(`GET /v1.41/images/${image}/json`);
  });

  it('are refused in a version that the engine does not speak', async () => {
    const env = { DOCKER_API_VERSION: '1.99' };
    expect(await failureOf(connectTo(engine.host, env))).toMatchObject({
      exitStatus: 64,
      message: `DOCKER_API_VERSION: "1.99": the engine speaks ${version['MinAPIVersion']} to ${version['ApiVersion']}`,
    });
  });
});

/** The newest engine of the run speaks all the older versions too. */
const newest = inject('engines').toSorted(
  (left, right) => Number(right.apiVersion.slice(2)) - Number(left.apiVersion.slice(2)),
)[0];
const minor = Number(newest?.apiVersion.slice(2));
const versions = Array.from({ length: minor - 40 }, (_, index) => `1.${41 + index}`);

describe.skipIf(newest === undefined)('every version of the API', () => {
  const docker = newest && dockerOf(newest);
  afterAll(() => docker && nothingLeft(docker));

  it.concurrent.each(versions)('%s has all that a launch needs', async (DOCKER_API_VERSION) => {
    const { host = '', mark = '' } = { host: newest?.host, mark: docker?.mark };
    const runtime = await connectTo(host, { DOCKER_API_VERSION });
    expect(runtime.description).toContain(`(API ${DOCKER_API_VERSION})`);
    const spec = { name: `${mark}-${DOCKER_API_VERSION}`, image, labels: { [mark]: DOCKER_API_VERSION } };
    const command = ['sh', '-c', 'echo $V; exit 3'];
    const asked = { ...spec, command, env: [`V=${DOCKER_API_VERSION}`], networkMode: 'none', binds: ['/etc:/e:ro'] };
    const { id, warnings } = await runtime.create(asked, options);
    expect(warnings).toEqual([]);
    const chunks = await runtime.attach(id, options);
    await runtime.start(id, options);
    expect((await collect(chunks)).stdout).toBe(`${DOCKER_API_VERSION}\n`);
    expect(await runtime.wait(id, options)).toEqual({ exitCode: 3 });
    expect((await collect(await runtime.logs(id, options))).stdout).toBe(`${DOCKER_API_VERSION}\n`);
    const record = await runtime.inspect(id, options);
    expect(record?.settings).toMatchObject({ command, networkMode: 'none', binds: ['/etc:/e:ro'] });
    expect((await runtime.list({ ...options, labels: spec.labels })).map((row) => row.id)).toEqual([id]);
    expect((await runtime.inspectImage(image, options))?.config?.command).toEqual(['sh']);
    expect(await runtime.hasFile(id, '/bin/busybox', options)).toBe(true);
    await runtime.remove(id, options);
    expect(await runtime.inspect(id, options)).toBeUndefined();
  });
});
