import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { httpAnswer } from './engine-proxy.ts';
import { listening } from './listening.ts';

/** Among tests that run at the same time the one of its own context has to be given: vitest cannot know whose it is. */
type Finally = typeof onTestFinished;

/** A folder for one test. */
export async function temporaryFolder(finish: Finally = onTestFinished): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'offshoot-test-'));
  finish(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

export interface FakeEngine {
  /** As in DOCKER_HOST. */
  readonly host: string;
  readonly requests: string[];
  open(): number;
}

/** Listens at a unix socket for one test, and does with each request (`GET /version`) what it is told. */
export async function fakeEngine(
  serve: (client: Socket, request: string) => void,
  finish: Finally = onTestFinished,
): Promise<FakeEngine> {
  const socket = join(await temporaryFolder(finish), 'docker.sock');
  const requests: string[] = [];
  const server = createServer((client) => {
    client.on('data', (chunk: Buffer) => {
      const [, request] = /^(\w+ \S+) HTTP\/1\.1\r$/m.exec(chunk.toString('latin1')) ?? [];
      if (request === undefined) return;
      requests.push(request);
      serve(client, request);
    });
  });
  const { open, close } = await listening(server, { path: socket });
  finish(close);
  return { host: `unix://${socket}`, requests, open };
}

/** An engine whose versions are these. */
export function versionAnswer(versions: Readonly<Record<string, string>> = {}): string {
  const version = { Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24', ...versions };
  return httpAnswer(200, 'application/json', JSON.stringify(version));
}

/** Answers what it is greeted with well, and leaves the rest to `serve`. */
export function healthy(serve: (client: Socket, request: string) => void): (client: Socket, request: string) => void {
  return (client, request) => {
    if (/^GET \/(?:version|_ping)$/.test(request)) client.write(versionAnswer());
    else serve(client, request);
  };
}
