import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineUnavailableError, OffshootError } from '../../../src/errors.ts';
import type { OffshootEvent } from '../../../src/events.ts';
import type { RuntimePreference } from '../../../src/plan/variables.ts';
import { detectRuntime } from '../../../src/runtime/detect.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { httpAnswer } from '../../support/engine-proxy.ts';
import { fakeEngine, temporaryFolder, versionAnswer } from '../../support/fake-engine.ts';
import { failureOf, never } from '../../support/runtime.ts';

type Env = Record<string, string>;

async function detected(preference: RuntimePreference, env: Env) {
  const events: OffshootEvent[] = [];
  const runtime = await detectRuntime(preference, env, { signal: never, report: (event) => events.push(event) });
  return { kind: runtime.kind, runtime, events };
}

async function refused(preference: RuntimePreference, env: Env): Promise<OffshootError> {
  const error = await failureOf(detected(preference, env));
  if (!(error instanceof OffshootError)) throw error;
  return error;
}

const docker = (): Promise<{ host: string; requests: string[] }> =>
  fakeEngine((client) => client.write(versionAnswer()));

/** By the headers of its ping. */
const podman = (): Promise<{ host: string; requests: string[] }> =>
  fakeEngine((client, request) =>
    client.write(
      request === 'GET /_ping'
        ? 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nServer: Libpod/4.3.1 (linux)\r\nContent-Length: 2\r\n\r\nOK'
        : httpAnswer(404, 'application/json', '{}'),
    ),
  );

/** A folder in which these are, as a user's runtime folder. */
async function folderWith(links: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'podman'));
  for (const [name, host] of Object.entries(links)) await symlink(host.replace('unix://', ''), join(folder, name));
  return folder;
}

const nowhere = { HOME: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' };

describe('an engine that is asked for', () => {
  it('is greeted with one request where its headers tell enough', async () => {
    const { host, requests } = await podman();
    const { kind, runtime } = await detected('podman', { DOCKER_HOST: host });
    expect({ kind, description: runtime.description }).toEqual({
      kind: 'podman',
      description: `Podman 4.3.1 (API 1.41) at ${host}`,
    });
    expect(requests).toEqual(['GET /_ping']);
  });

  it('is Podman where that is asked for', async () => {
    const { host } = await docker();
    for (const env of [{ DOCKER_HOST: host }, { CONTAINER_HOST: host }]) {
      const error = await refused('podman', env);
      expect(error).toMatchObject({ exitStatus: 69 });
      expect(error.message).toContain(`at ${host} is not Podman`);
      expect(error.hint).toContain('CONTAINER_HOST');
    }
  });

  it('may be Podman where Docker is asked for, which is said', async () => {
    const { host } = await podman();
    const { kind, events } = await detected('docker', { DOCKER_HOST: host });
    expect(kind).toBe('podman');
    expect(events).toEqual([
      expect.objectContaining({ level: 'info', event: 'engine', message: expect.stringContaining('speaks as Docker') }),
    ]);
  });

  it('is no other when DOCKER_HOST does not answer, and has its own words', async () => {
    const XDG_RUNTIME_DIR = await folderWith({ 'docker.sock': (await docker()).host });
    const error = await refused('auto', { XDG_RUNTIME_DIR, DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    expect(error).toMatchObject({
      exitStatus: 69,
      message: 'there is no socket of an engine: /nonexistent/docker.sock does not exist',
    });
    expect(await refused('auto', { XDG_RUNTIME_DIR, DOCKER_CONTEXT: 'gone' })).toMatchObject({ exitStatus: 69 });
    expect(await refused('auto', { XDG_RUNTIME_DIR, DOCKER_HOST: 'x:y:z' })).toMatchObject({ exitStatus: 64 });
  });

  it('gives others the same way to it, however it was found', async () => {
    const { host } = await podman();
    const { runtime } = await detected('podman', { CONTAINER_HOST: host });
    const path = host.replace('unix://', '');
    const mountPoints = [{ type: 'bind', source: '/host/podman.sock', destination: path, readOnly: false }];
    const access = runtime.access({ settings: {}, mountPoints } as unknown as Parameters<Runtime['access']>[0]);
    expect(access).toMatchObject({ binds: [`/host/podman.sock:${path}`], env: [`DOCKER_HOST=${host}`] });
  });
});

// They are asked for before those that a test can put somewhere.
const isTaken = existsSync('/var/run/docker.sock') || existsSync('/run/podman/podman.sock');

describe.skipIf(isTaken)('the first engine that answers', () => {
  it('is taken, and those before it are told with their reasons', async () => {
    const HOME = await temporaryFolder();
    await mkdir(join(HOME, '.docker/run/docker.sock'), { recursive: true });
    const XDG_RUNTIME_DIR = await folderWith({ 'podman/podman.sock': (await podman()).host });
    await writeFile(join(XDG_RUNTIME_DIR, 'docker.sock'), '');
    const { kind, events } = await detected('auto', { HOME, XDG_RUNTIME_DIR });
    expect(kind).toBe('podman');
    expect(events.map(({ level, message }) => `${level} ${message.split('\n')[0]}`)).toEqual([
      expect.stringMatching(/^debug not taken: \/var\/run\/docker\.sock: .* does not exist$/),
      expect.stringMatching(/^debug not taken: .*\/docker\.sock: .* is no socket$/),
      expect.stringMatching(/^debug not taken: .*\/\.docker\/run\/docker\.sock: .* is a directory$/),
      expect.stringMatching(/^debug not taken: .*\/\.docker\/desktop\/docker\.sock: .* does not exist$/),
      expect.stringMatching(/^debug not taken: \/run\/podman\/podman\.sock: .* does not exist$/),
      expect.stringMatching(/^debug Podman 4\.3\.1 \(API 1\.41\) at .*, found by .*\/podman\/podman\.sock$/),
    ]);
  });

  it('is a rootless one too', async () => {
    const XDG_RUNTIME_DIR = await folderWith({ 'docker.sock': (await docker()).host });
    expect(await detected('auto', { ...nowhere, XDG_RUNTIME_DIR })).toMatchObject({ kind: 'docker' });
    expect(await refused('podman', { ...nowhere, XDG_RUNTIME_DIR })).toMatchObject({ exitStatus: 69 });
  });

  it('is none, which is one error with all of them and the way to mend it', async () => {
    const error = await refused('docker', nowhere);
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect(error.message.split('\n')).toEqual([
      'no container engine answers:',
      '  /var/run/docker.sock does not exist',
      '  /nonexistent/docker.sock does not exist',
      '  /nonexistent/.docker/run/docker.sock does not exist',
      '  /nonexistent/.docker/desktop/docker.sock does not exist',
    ]);
    expect(error.hint).toContain('docker run -v /var/run/docker.sock:/var/run/docker.sock');
    expect((await refused('podman', nowhere)).hint).toContain('/run/podman/podman.sock:/run/podman/podman.sock');
  });

  it('is none, and what is there and does not answer has its own hint', async () => {
    const XDG_RUNTIME_DIR = await temporaryFolder();
    await mkdir(join(XDG_RUNTIME_DIR, 'docker.sock'));
    const error = await refused('docker', { ...nowhere, XDG_RUNTIME_DIR });
    expect(error.message).toContain(`  ${join(XDG_RUNTIME_DIR, 'docker.sock')} is a directory`);
    expect(error.hint).toContain('The engine makes a directory');
  });

  it('is not looked for any more when that was cancelled', async () => {
    const reason = new Error('enough');
    const options = { signal: AbortSignal.abort(reason), report: () => {} };
    const XDG_RUNTIME_DIR = await folderWith({ 'docker.sock': (await docker()).host });
    expect(await failureOf(detectRuntime('auto', { ...nowhere, XDG_RUNTIME_DIR }, options))).toBe(reason);
  });
});
