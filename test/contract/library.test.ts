import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { ComposeError } from '../../src/errors.ts';
import { dockerRuntime } from '../../src/runtime/docker/runtime.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { addPlugins, composePlugin } from '../../tools/engines/index.ts';
import type { TestEngine } from '../support/global-engines.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { never } from '../support/runtime.ts';

async function folder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'offshoot-library-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return path;
}

function connect({ host }: TestEngine, env: Readonly<Record<string, string>> = {}): Promise<Runtime> {
  return dockerRuntime({ DOCKER_HOST: host, ...env }, { signal: never });
}

const engines = onePer(
  inject('allEngines').filter(({ kind }) => /^(?:docker-20.10|docker-28.5|podman-4.3)$/.test(kind)),
  releaseOf,
);
const imageOn = ({ kind }: TestEngine): string =>
  kind.startsWith('podman') ? 'docker.io/offshoot-test/busybox:1' : 'offshoot-test/busybox:1';

// oxlint-disable-next-line vitest/expect-expect -- a file without a test fails
it('has engines to be kept on', ({ skip }) => skip(engines.length === 0, 'only others were asked for'));

it.each(engines)('brings a project of Compose up and down on $kind', async (engine) => {
  const config = await folder();
  await addPlugins(config, [await composePlugin()]);
  const runtime = await connect(engine, { DOCKER_CONFIG: config });
  expect((await runtime.capabilities()).compose).toEqual({ supported: true });
  const path = await folder();
  await mkdir(path, { recursive: true });
  const file = join(path, 'compose.yaml');
  const service = { image: imageOn(engine), command: ['sleep', '600'], network_mode: 'none', stop_grace_period: '1s' };
  await writeFile(file, JSON.stringify({ services: { web: service } }));
  const project = { files: [file], name: `offshoot-${process.pid}` };
  await runtime.compose.up(project);
  const [web] = await runtime.compose.ps(project);
  expect(web).toMatchObject({ service: 'web', state: 'running' });
  expect(await runtime.compose.containerId(project, 'web')).toBe(web?.id);
  expect(await runtime.status(web?.id ?? '')).toBe('running');
  await expect(runtime.compose.containerId(project, 'nope')).rejects.toThrow(ComposeError);
  await runtime.compose.down(project);
  expect(await runtime.compose.ps(project)).toEqual([]);
});

it.each(engines)('tells what $kind can do, and ends when it is closed', async (engine) => {
  const runtime = await connect(engine, { DOCKER_CONFIG: '/nonexistent' });
  const capabilities = await runtime.capabilities();
  expect(capabilities.exec).toEqual({ supported: true });
  expect(capabilities.cni).toMatchObject({ supported: false, reason: expect.any(String) as unknown });
  expect((await runtime.version()).platform).toMatch(/^linux\//);
  await runtime.ping();
  const stream = await runtime.events();
  for (const _ of [1, 2]) await runtime.close();
  await expect(runtime.ping()).rejects.toThrow('this runtime has been closed');
  stream.close();
});
