import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addPlugins, composePlugin } from '../../tools/engines/index.ts';
import { dockerOf } from '../support/docker.ts';
import { startProxy } from '../support/engine-proxy.ts';
import type { TestEngine } from '../support/global-engines.ts';
import { connectTo } from '../support/runtime.ts';
import type { Subject } from './subject.ts';

/** An engine behind Docker's API, with busybox under this name. */
export async function subjectOn(engine: TestEngine, image: string): Promise<Subject> {
  const { mark, ok } = dockerOf(engine);
  const proxy = await startProxy(engine.socket);
  const config = await mkdtemp(join(tmpdir(), 'offshoot-config-'));
  await addPlugins(config, [await composePlugin()]);
  return {
    runtime: await connectTo(engine.host),
    image,
    mark,
    cli: ok,
    async silent() {
      proxy.rule(() => undefined);
      const runtime = await connectTo(proxy.host, { DOCKER_CONFIG: config, PATH: process.env['PATH'] ?? '' });
      // An empty answer: the request arrives, and that is all.
      let tell = (): void => {};
      let asked = new Promise<void>((resolve) => (tell = resolve));
      proxy.rule(() => {
        tell();
        return { answer: '' };
      });
      return {
        runtime,
        open: proxy.open,
        async asked() {
          await asked;
          asked = new Promise((resolve) => (tell = resolve));
        },
      };
    },
    leftovers: async () =>
      (await ok('ps', '-aq', '--no-trunc', '--filter', `label=${mark}`)).split('\n').filter(Boolean),
    async close() {
      await proxy.close();
      await rm(config, { recursive: true, force: true });
    },
  };
}
