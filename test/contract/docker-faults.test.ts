import { beforeAll, describe, expect, inject, it } from 'vitest';
import { EngineUnavailableError } from '../../src/errors.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { dockerOf } from '../support/docker.ts';
import { type EngineProxy, startProxy } from '../support/engine-proxy.ts';
import { collect, connectTo, failureOf, never } from '../support/runtime.ts';
import { nothingLeft } from './nothing-left.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const options = { signal: never };
const image = 'offshoot-test/busybox:1';

/** What a call needs; made beside the proxy, each time anew. */
interface Scene {
  readonly mark: string;
  readonly direct: Runtime;
  /** An id. */
  created(...command: string[]): Promise<string>;
  running(): Promise<string>;
  ended(): Promise<string>;
}

interface Call {
  /** The request whose answer is cut. */
  readonly request: RegExp;
  prepare?(scene: Scene): Promise<string>;
  make(runtime: Runtime, id: string, scene: Scene): Promise<unknown>;
}

let count = 0;
const calls: Readonly<Record<string, Call>> = {
  inspect: {
    request: /containers\/\w+\/json$/,
    prepare: (scene) => scene.ended(),
    make: (runtime, id) => runtime.inspect(id, options),
  },
  'inspect of what is not there': {
    request: /containers\/no-such\/json$/,
    make: (runtime) => runtime.inspect('no-such', options),
  },
  list: { request: /containers\/json/, make: (runtime) => runtime.list(options) },
  'list by labels': {
    request: /containers\/json/,
    make: (runtime, _, { mark }) => runtime.list({ ...options, labels: { [mark]: '' } }),
  },
  processes: {
    request: /\/top\?/,
    prepare: (scene) => scene.running(),
    make: (runtime, id) => runtime.processes(id, options),
  },
  hasFile: {
    request: /\/archive\?/,
    prepare: (scene) => scene.ended(),
    make: (runtime, id) => runtime.hasFile(id, '/bin', options),
  },
  inspectImage: { request: /\/images\//, make: (runtime) => runtime.inspectImage(image, options) },
  create: {
    request: /\/create\?/,
    make: (runtime, _, { mark }) =>
      runtime.create({ name: `${mark}-cut-${++count}`, image, labels: { [mark]: '' } }, options),
  },
  start: {
    request: /\/start$/,
    prepare: (scene) => scene.created('true'),
    make: (runtime, id) => runtime.start(id, options),
  },
  'start of what cannot run': {
    request: /\/start$/,
    prepare: (scene) => scene.created('nope'),
    make: (runtime, id) =>
      runtime.start(id, options).catch((error: unknown) => {
        if (error instanceof EngineUnavailableError) throw error;
      }),
  },
  attach: {
    request: /\/attach\?/,
    prepare: (scene) => scene.created('echo', 'some output'),
    async make(runtime, id, { direct }) {
      const chunks = await runtime.attach(id, options);
      await direct.start(id, options);
      await collect(chunks);
    },
  },
  logs: {
    request: /\/logs\?/,
    prepare: (scene) => scene.ended(),
    make: async (runtime, id) => collect(await runtime.logs(id, options)),
  },
  'logs with follow': {
    request: /\/logs\?/,
    prepare: (scene) => scene.ended(),
    make: async (runtime, id) => collect(await runtime.logs(id, { ...options, follow: true })),
  },
  wait: {
    request: /\/wait$/,
    prepare: (scene) => scene.ended(),
    make: (runtime, id) => runtime.wait(id, options),
  },
  kill: {
    request: /\/kill\?/,
    prepare: (scene) => scene.running(),
    make: (runtime, id) => runtime.kill(id, 'SIGURG', options),
  },
  remove: {
    request: /DELETE/,
    prepare: (scene) => scene.created('true'),
    make: (runtime, id) => runtime.remove(id, options),
  },
};

describe.each(onePer(inject('engines'), releaseOf))('an answer of $kind that breaks off', (engine) => {
  const docker = dockerOf(engine);
  const labels = { [docker.mark]: '' };
  let proxy: EngineProxy;
  let scene: Scene;
  let runtime: Runtime;

  beforeAll(async () => {
    proxy = await startProxy(engine.socket);
    runtime = await connectTo(proxy.host);
    scene = await setScene();
    return async () => {
      await proxy.close();
      await nothingLeft(docker);
    };
  });

  async function setScene(): Promise<Scene> {
    const direct = await connectTo(engine.host);
    const created = async (...command: string[]): Promise<string> => {
      const spec = { name: `${docker.mark}-${++count}`, image, labels, command, networkMode: 'none' };
      return (await direct.create(spec, options)).id;
    };
    const [running, ended] = await Promise.all([created('sleep', '600'), created('echo', 'some output')]);
    await Promise.all([direct.start(running, options), direct.start(ended, options)]);
    await direct.wait(ended, options);
    return { mark: docker.mark, direct, created, running: async () => running, ended: async () => ended };
  }

  it.each(Object.entries(calls))('is an error, wherever it breaks, in %s', async (_, { request, prepare, make }) => {
    const call = async (): Promise<unknown> => make(runtime, (await prepare?.(scene)) ?? '', scene);
    proxy.rule(() => undefined);
    await call();
    const length = proxy.answerLength();
    expect(proxy.requests.at(-1)).toMatch(request);

    const places = [0, 1, 12, Math.floor(length / 2), length - 4, length - 1];
    for (const cutAfter of places) {
      proxy.rule((line) => (request.test(line) ? { cutAfter } : undefined));
      const start = performance.now();
      const error = await failureOf(call()).catch(() => 'it succeeded');
      expect([cutAfter, error]).toEqual([cutAfter, expect.any(EngineUnavailableError)]);
      expect(performance.now() - start).toBeLessThan(5_000);
    }
    // The next call has a connection of its own.
    proxy.rule(() => undefined);
    await call();
  });
});
