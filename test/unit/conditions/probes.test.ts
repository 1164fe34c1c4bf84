import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probeOf } from '../../../src/conditions/probes.ts';
import type { Watched } from '../../../src/conditions/watched.ts';
import type { ContainerState } from '../../../src/runtime/container.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { fakeContainers, recordOf } from '../../support/fake-containers.ts';

const { signal } = new AbortController();
const obstacle = (condition: Watched, limit = signal): Promise<string | undefined> =>
  probeOf(condition, fakeContainers()).obstacle(limit);

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('tcp', () => {
  it('holds while somebody listens', async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await listening(server);
    const condition = { kind: 'tcp', text: '', host: 'localhost', port } as const;
    expect(await obstacle(condition)).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
    await expect(obstacle(condition)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('http', () => {
  const answers: Record<string, [status: number, location?: string]> = {
    '/ok': [200],
    '/empty': [204],
    '/missing': [404],
    '/broken': [503],
    '/moved': [301, '/ok'],
    '/twice': [302, '/moved'],
    '/nowhere': [302],
    '/loop': [307, '/loop'],
    '/out': [302, 'ftp://x/'],
    '/odd': [302, 'http://['],
  };
  it.each([
    ['/ok', undefined],
    ['/empty', undefined],
    ['/moved', undefined],
    ['/twice', undefined],
    ['/missing', 'it answers with 404'],
    ['/broken', 'it answers with 503'],
    ['/nowhere', 'it answers with 302'],
    ['/loop', 'it redirects more than 10 times'],
    ['/out', 'it redirects to what is no URL of http'],
    ['/odd', 'it redirects to what is no URL of http'],
  ])('%s: %s', async (path, expected) => {
    const server = createHttpServer((request, response) => {
      const [status, location] = answers[request.url ?? ''] ?? [500];
      response.writeHead(status, location === undefined ? {} : { location }).end('a body that nobody reads');
    });
    const url = `http://127.0.0.1:${await listening(server)}${path}`;
    expect(await obstacle({ kind: 'http', text: '', url })).toBe(expected);
  });

  it('rejects when it is told to end while nothing answers', async () => {
    const url = `http://127.0.0.1:${await listening(createServer(() => {}))}/`;
    await expect(obstacle({ kind: 'http', text: '', url }, AbortSignal.timeout(50))).rejects.toThrow(/abort/);
  });
});

it('file: whatever is there, also a link that leads nowhere', async () => {
  const folder = mkdtempSync(`${tmpdir()}/offshoot-probe-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(`${folder}/file`, '');
  symlinkSync('/nowhere', `${folder}/link`);
  const holds = (name: string) => obstacle({ kind: 'file', text: '', path: `${folder}/${name}` });
  expect(await Promise.all(['file', 'link', ''].map(holds))).toEqual([undefined, undefined, undefined]);
  expect(await Promise.all(['none', 'file/below'].map(holds))).toEqual(['it is not there', 'it is not there']);
});

describe('containers', () => {
  function probeWith(
    kind: 'exited' | 'healthy',
    state: Partial<ContainerState> | undefined,
    more: Partial<Runtime> = {},
  ) {
    const record = recordOf({ id: 'x' });
    const settings = more.kind === 'restarts' ? { restartPolicy: { name: 'always' } } : {};
    const inspected = state && { ...record, settings, state: { ...record.state, ...state } };
    const runtime = { ...fakeContainers(), inspect: async () => inspected, ...more };
    return probeOf({ kind, text: '', id: 'x' }, runtime);
  }

  it.each<[string, Partial<ContainerState> | undefined, string | undefined]>([
    ['gone', undefined, undefined],
    ['ended', { status: 'exited', running: false }, undefined],
    ['dead', { status: 'dead', running: false }, undefined],
    ['running', { status: 'running', running: true }, 'it is running'],
    ['paused', { status: 'paused', running: true }, 'it is paused'],
    ['restarting', { status: 'restarting', running: false }, 'it is restarting'],
    ['not started', { status: 'created', running: false, startedAt: undefined }, 'it has not been started'],
  ])('exited: one that is %s', async (_, state, expected) => {
    expect(await probeWith('exited', state).obstacle(signal)).toBe(expected);
  });

  it('exited: one that an engine may start again has to stay so', async () => {
    const ended = probeWith('exited', { status: 'exited', running: false }, { kind: 'restarts' });
    expect(await ended.obstacle(signal)).toBe('it may be started again');
  });

  it.each<[string, Partial<ContainerState> | undefined, string | undefined]>([
    ['gone', undefined, 'it is gone'],
    ['ended', { status: 'exited', running: false, health: 'healthy' }, 'it is exited'],
    ['starting', { status: 'running', running: true, health: 'starting' }, 'it is starting'],
    ['unhealthy', { status: 'running', running: true, health: 'unhealthy' }, 'it is unhealthy'],
    ['not checked', { status: 'running', running: true }, 'it is not checked'],
    ['healthy', { status: 'running', running: true, health: 'healthy' }, undefined],
  ])('healthy: one that is %s', async (_, state, expected) => {
    expect(await probeWith('healthy', state).obstacle(signal)).toBe(expected);
  });

  it('waits with one that runs, asks only once where the engine does not let it, and never for one that does not', async () => {
    let waits = 0;
    const settled = async (probe: ReturnType<typeof probeWith>): Promise<boolean> => {
      await probe.obstacle(signal);
      const nothing = new Promise((resolve) => setTimeout(resolve, 20, 'nothing'));
      return (await Promise.race([probe.changed?.(signal), nothing])) !== 'nothing';
    };
    const running = { status: 'running', running: true };
    const wait = async () => ({ exitCode: (waits += 1) });
    expect(await settled(probeWith('exited', running, { wait }))).toBe(true);
    expect(await settled(probeWith('exited', { status: 'created', running: false }, { wait }))).toBe(false);
    expect(waits).toBe(1);
    const forbidden = probeWith('exited', running, {
      wait: async () => {
        waits += 1;
        throw new Error('403');
      },
    });
    expect([await settled(forbidden), await settled(forbidden)]).toEqual([false, false]);
    expect(waits).toBe(2);
  });
});
