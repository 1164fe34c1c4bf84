import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { OffshootError } from '../../../src/errors.ts';
import { httpAnswer } from '../../support/engine-proxy.ts';
import { fakeEngine, temporaryFolder, versionAnswer } from '../../support/fake-engine.ts';
import { listening } from '../../support/listening.ts';
import { connectTo, failureOf } from '../../support/runtime.ts';

/** Every failure to connect comes with this status, and before a user loses patience. */
async function unavailable(host: string, env: Record<string, string> = {}): Promise<OffshootError> {
  const start = performance.now();
  const error = await failureOf(connectTo(host, env));
  expect(performance.now() - start).toBeLessThan(5_000);
  if (!(error instanceof OffshootError)) throw error;
  expect({ message: error.message, exitStatus: error.exitStatus }).toMatchObject({ exitStatus: 69 });
  return error;
}

describe('where there is no socket', () => {
  it('nothing is there', async ({ expect }) => {
    const path = join(await temporaryFolder(), 'docker.sock');
    const { message, hint } = await unavailable(`unix://${path}`);
    expect(message).toBe(`there is no socket of an engine: ${path} does not exist`);
    expect(hint).toContain(`docker run -v /var/run/docker.sock:${path}`);
  });

  it('a link leads nowhere', async ({ expect }) => {
    const path = join(await temporaryFolder(), 'docker.sock');
    await symlink('/nonexistent/docker.sock', path);
    expect((await unavailable(`unix://${path}`)).message).toContain('does not exist');
  });

  it('a directory is in its place, as engines make one for a mount of what is not there', async ({ expect }) => {
    const path = join(await temporaryFolder(), 'docker.sock');
    await mkdir(path);
    const { message, hint } = await unavailable(`unix://${path}`);
    expect(message).toBe(`there is no socket of an engine: ${path} is a directory`);
    expect(hint).toContain('The engine makes a directory where a path to mount is missing');
  });

  it('a plain file is in its place', async ({ expect }) => {
    const path = join(await temporaryFolder(), 'docker.sock');
    await writeFile(path, '');
    expect((await unavailable(`unix://${path}`)).message).toBe(`there is no socket of an engine: ${path} is no socket`);
  });

  it('nobody listens at it any more', async ({ expect }) => {
    const path = join(await temporaryFolder(), 'docker.sock');
    await leaveSocket(path);
    expect((await unavailable(`unix://${path}`)).message).toBe(
      `nothing listens at the address of the engine (unix://${path})`,
    );
  });

  it('nobody listens at the port', async ({ expect }) => {
    const { port, close } = await listening(createServer(), { host: '127.0.0.1', port: 0 });
    await close();
    const { message } = await unavailable(`tcp://127.0.0.1:${port}`);
    expect(message).toBe(`nothing listens at the address of the engine (tcp://127.0.0.1:${port})`);
  });

  it('the host has no address', async ({ expect }) => {
    expect((await unavailable('tcp://no-such-host.invalid:2375')).message).toContain(
      'the host of the engine has no address (tcp://no-such-host.invalid:2375)',
    );
  });
});

describe.concurrent('where something listens', () => {
  it.for<[what: string, serve: (client: Socket) => void, says: RegExp]>([
    ['never answers', () => {}, /accepts connections but does not answer within 4 s/],
    ['stops in the header', (client) => client.write('HTTP/1.1 200 OK\r\nContent-'), /does not answer within 4 s/],
    [
      'stops in the body',
      (client) => client.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Version":'),
      /does not answer within 4 s/,
    ],
    ['drips', (client) => void drip(client), /does not answer within 4 s/],
    ['closes at once', (client) => client.destroy(), /breaks off before it has answered/],
    ['ends in the header', (client) => client.end('HTTP/1.1 200 OK\r\nConte'), /breaks off before it has answered/],
    [
      'ends in the body',
      (client) => client.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Version":'),
      /breaks off before it has answered/,
    ],
    [
      'ends in a body without a length',
      (client) => client.end('HTTP/1.1 200 OK\r\n\r\n{"Version":'),
      /is no container engine/,
    ],
    ['speaks another protocol', (client) => client.write('SSH-2.0-OpenSSH_9.2\r\n'), /does not speak HTTP/],
    ['answers bytes', (client) => client.write(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x16])), /does not speak HTTP/],
    [
      'is a web server',
      (client) => client.write(httpAnswer(200, 'text/html', '<html></html>')),
      /is no container engine/,
    ],
    [
      'is another API',
      (client) => client.write(httpAnswer(200, 'application/json', '{"ok":true}')),
      /is no container engine/,
    ],
    ['answers nothing', (client) => client.write(httpAnswer(200, 'application/json', '')), /is no container engine/],
    ['has an odd version', (client) => client.write(versionAnswer({ ApiVersion: 'new' })), /is no container engine/],
    [
      'is a proxy that forbids it',
      (client) => client.write(httpAnswer(403, 'text/html', `<html>\n${'Forbidden '.repeat(1000)}`)),
      /answers 403 to GET \/version: Forbidden/,
    ],
    [
      'speaks TLS',
      (client) => client.write(httpAnswer(400, 'text/plain', 'Client sent an HTTP request to an HTTPS server.\n')),
      /answers 400 .*HTTPS server/,
    ],
    [
      'leads elsewhere',
      (client) => client.write('HTTP/1.1 301 Moved\r\nLocation: /version/\r\nContent-Length: 0\r\n\r\n'),
      /broke at GET \/version: it answers with a redirect/,
    ],
    ['is too old', (client) => client.write(versionAnswer({ ApiVersion: '1.40' })), /API 1\.40; offshoot needs 1\.41/],
  ])('that %s', async ([, serve, says], { onTestFinished }) => {
    const { host } = await fakeEngine(serve, onTestFinished);
    const { message } = await unavailable(host);
    expect(message).toMatch(says);
    expect(message).toContain(host);
    expect(message.length).toBeLessThan(500);
  });
});

describe('the variables around it', () => {
  it('certificates that nobody asks for do not count', async ({ expect }) => {
    const { host } = await fakeEngine((client) => client.write(versionAnswer()));
    // What dockerode would read by itself.
    const { description } = await connectTo(host, { DOCKER_CERT_PATH: '/nonexistent' });
    expect(description).toBe(`Docker Engine 28.5.2 (API 1.51) at ${host}`);
  });

  it.each(['1.40', '2.0', '1', 'latest', '1.x', '1.52', '1.51.0', ' 1.51'])(
    'DOCKER_API_VERSION=%s is refused',
    async (DOCKER_API_VERSION) => {
      const { host } = await fakeEngine((client) => client.write(versionAnswer()));
      const error = await failureOf(connectTo(host, { DOCKER_API_VERSION }));
      expect(error).toMatchObject({ exitStatus: 64, mistakes: [{ name: 'DOCKER_API_VERSION' }] });
      expect(String(error)).toContain(`"${DOCKER_API_VERSION}"`);
    },
  );

  it('DOCKER_API_VERSION older than what the engine still speaks is refused', async ({ expect }) => {
    const { host } = await fakeEngine((client) => client.write(versionAnswer({ MinAPIVersion: '1.44' })));
    const error = await failureOf(connectTo(host, { DOCKER_API_VERSION: '1.43' }));
    expect(error).toMatchObject({ exitStatus: 64 });
    expect(String(error)).toContain('"1.43": the engine speaks 1.44 to 1.51');
  });
});

/** A byte a second: never idle for long, and never ready. */
async function drip(client: Socket): Promise<void> {
  const timer = setInterval(() => client.write(' '), 500);
  client.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
  client.on('close', () => clearInterval(timer));
}

/** The file of a socket whose owner was killed: closing it in order would remove it. */
async function leaveSocket(path: string): Promise<void> {
  const script =
    "require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";
  await execa(process.execPath, ['-e', script, path], { reject: false });
}
