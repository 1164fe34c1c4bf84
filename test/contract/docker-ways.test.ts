import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { OffshootError } from '../../src/errors.ts';
import { dockerOf } from '../support/docker.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { type EngineProxy, startProxy } from '../support/engine-proxy.ts';
import { temporaryFolder } from '../support/fake-engine.ts';
import { collect, connectTo, failureOf, never } from '../support/runtime.ts';
import { nothingLeft } from './nothing-left.ts';

// The way to an engine does not depend on its kind: one will do.
const [engine] = inject('engines');
const options = { signal: never };
const image = 'offshoot-test/busybox:1';

describe.skipIf(engine === undefined)('an engine in the network', () => {
  const docker = engine && dockerOf(engine);
  let count = 0;
  afterAll(() => docker && nothingLeft(docker));

  async function forwarder(settings: Parameters<typeof startProxy>[1]): Promise<EngineProxy> {
    const proxy = await startProxy(engine?.socket ?? '', settings);
    onTestFinished(proxy.close);
    return proxy;
  }

  /** By calls with a body, and one whose answer is the rest of the connection. */
  async function outputBy(host: string, env: Record<string, string> = {}): Promise<string> {
    const runtime = await connectTo(host, env);
    const { mark = '' } = docker ?? {};
    const spec = { name: `${mark}-${++count}`, image, labels: { [mark]: '' } };
    const { id } = await runtime.create({ ...spec, command: ['echo', 'here'], networkMode: 'none' }, options);
    const chunks = await runtime.attach(id, options);
    await runtime.start(id, options);
    return (await collect(chunks)).stdout;
  }

  it('at tcp://', async () => {
    const { host, port } = await forwarder({ tcp: true });
    expect(await outputBy(host)).toBe('here\n');
    expect(await outputBy(`127.0.0.1:${port}`)).toBe('here\n');
    expect(await outputBy(`tcp://localhost:${port}/`)).toBe('here\n');
    // Without DOCKER_TLS_VERIFY the folder of certificates means nothing, also where it is not there.
    expect(await outputBy(host, { DOCKER_CERT_PATH: '/nonexistent' })).toBe('here\n');
  });

  describe('over TLS', () => {
    let certs: string;
    let tls: { ca: Buffer; cert: Buffer; key: Buffer; requestCert: boolean; rejectUnauthorized: boolean };

    beforeAll(async () => {
      certs = await mkdtemp(join(tmpdir(), 'offshoot-certs-'));
      await Promise.all([makeAuthority(certs, 'ours'), makeAuthority(certs, 'other')]);
      await makeCertificate(certs, 'server', 'ours');
      await makeCertificate(certs, 'client', 'ours');
      await makeCertificate(certs, 'stranger', 'other');
      const [ca, cert, key] = await Promise.all(
        ['ours.pem', 'server.pem', 'server.key'].map((name) => readFile(join(certs, name))),
      );
      if (!ca || !cert || !key) throw new Error('no certificates');
      tls = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
      return () => rm(certs, { recursive: true, force: true });
    });

    /** A folder as DOCKER_CERT_PATH names one. */
    async function folder(authority: string | undefined, client: string | undefined): Promise<Record<string, string>> {
      const dir = await temporaryFolder();
      if (authority) await copyFile(join(certs, `${authority}.pem`), join(dir, 'ca.pem'));
      if (client) {
        await copyFile(join(certs, `${client}.pem`), join(dir, 'cert.pem'));
        await copyFile(join(certs, `${client}.key`), join(dir, 'key.pem'));
      }
      return { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: dir };
    }

    it('with certificates on both sides', async () => {
      const { host, port } = await forwarder({ tls });
      expect(await outputBy(host, await folder('ours', 'client'))).toBe('here\n');
      expect(
        await outputBy(`https://127.0.0.1:${port}`, { ...(await folder('ours', 'client')), DOCKER_TLS_VERIFY: '' }),
      ).toBe('here\n');
    });

    it('with the authority alone, where the engine wants no more', async () => {
      const { host } = await forwarder({ tls: { ...tls, requestCert: false } });
      expect(await outputBy(host, await folder('ours', undefined))).toBe('here\n');
    });

    it.each<[what: string, authority: string | undefined, client: string | undefined, says: RegExp]>([
      [
        'whose certificate another authority signed',
        'other',
        'client',
        /certificate is not to be trusted .*verify|self-signed/,
      ],
      ['that does not know our certificate', 'ours', 'stranger', /does not accept our certificate|breaks off/],
      ['that wants a certificate when we have none', 'ours', undefined, /does not accept our certificate|breaks off/],
    ])('is refused %s', async (_, authority, client, says) => {
      const { host, requests } = await forwarder({ tls });
      const error = await failureOf(connectTo(host, await folder(authority, client)));
      expect(error).toMatchObject({ exitStatus: 69 });
      expect(String(error)).toMatch(says);
      expect(String(error)).toContain(host);
      expect(requests).toEqual([]);
    });

    it('is refused under a name that is not in its certificate', async () => {
      const { port } = await forwarder({ tls });
      const error = await failureOf(connectTo(`tcp://localhost:${port}`, await folder('ours', 'client')));
      expect(String(error)).toMatch(/certificate is not to be trusted .*localhost/);
    });

    it('is refused without any authority of ours, as the system knows none of it', async () => {
      const { host } = await forwarder({ tls });
      const error = await failureOf(connectTo(host, { DOCKER_TLS_VERIFY: '1' }));
      expect(String(error)).toContain("the engine's certificate is not to be trusted");
    });

    it.each(['ca.pem', 'cert.pem', 'key.pem'])('names %s when it is missing', async (name) => {
      const env = await folder('ours', 'client');
      await rm(join(env['DOCKER_CERT_PATH'] ?? '', name));
      const error = await failureOf(connectTo('tcp://127.0.0.1:1', env));
      expect(error).toMatchObject({ exitStatus: 64 });
      expect(String(error)).toMatch(new RegExp(`DOCKER_CERT_PATH: .*/${name} cannot be read: ENOENT`));
    });

    it('names DOCKER_CERT_PATH when its files are no certificates', async () => {
      const { host } = await forwarder({ tls });
      const env = await folder('ours', 'client');
      await writeFile(join(env['DOCKER_CERT_PATH'] ?? '', 'key.pem'), 'no key\n');
      const error = await failureOf(connectTo(host, env));
      expect(error).toMatchObject({ exitStatus: 64 });
      expect(String(error)).toContain('DOCKER_CERT_PATH: not to be used');
    });

    it('is told from one without TLS, on both sides', async () => {
      const [plain, secured] = [await forwarder({ tcp: true }), await forwarder({ tls })];
      const tooMuch = await failureOf(connectTo(plain.host, await folder('ours', 'client')));
      expect(tooMuch).toMatchObject({ exitStatus: 69 });
      expect(String(tooMuch)).toMatch(/does not speak TLS/);
      const tooLittle = await failureOf(connectTo(secured.host));
      expect(tooLittle).toMatchObject({ exitStatus: 69 });
      expect(String(tooLittle)).toMatch(/does not speak HTTP|breaks off/);
    });
  });
});

describe.skipIf(engine === undefined)('an engine that only others may use', () => {
  const script = fileURLToPath(new URL('../support/connect-as-nobody.ts', import.meta.url));

  async function asNobody(socket: string): Promise<Partial<OffshootError>> {
    const { stdout } = await execa(process.execPath, [script, `unix://${socket}`]);
    return JSON.parse(stdout) as Partial<OffshootError>;
  }

  async function socketIn(mode: { folder: number; socket: number }): Promise<string> {
    const { host } = await proxyTo();
    const dir = await temporaryFolder();
    const inner = join(dir, 'run');
    await mkdir(inner);
    const socket = join(inner, 'docker.sock');
    await execa('ln', [host.slice('unix://'.length), socket]);
    await chmod(socket, mode.socket);
    await chmod(inner, mode.folder);
    await chmod(dir, 0o755);
    return socket;
  }

  async function proxyTo(): Promise<EngineProxy> {
    const proxy = await startProxy(engine?.socket ?? '');
    onTestFinished(proxy.close);
    return proxy;
  }

  it('is reached by a user whom the socket is open to', async () => {
    expect(await asNobody(await socketIn({ folder: 0o755, socket: 0o666 }))).toEqual({});
  });

  it('says that its socket is closed, and which group would help', async () => {
    const socket = await socketIn({ folder: 0o755, socket: 0o600 });
    expect(await asNobody(socket)).toEqual({
      name: 'EngineUnavailableError',
      exitStatus: 69,
      message: `no permission to use the engine's socket ${socket}: we are user 65534 with the groups 65534; it is of user 0 and group 0, mode 0600`,
      hint: 'Run as root: mode 0600 opens it to its user alone.',
    });
  });

  it('says that the folder of its socket is closed', async () => {
    const socket = await socketIn({ folder: 0o700, socket: 0o666 });
    expect(await asNobody(socket)).toMatchObject({
      exitStatus: 69,
      message: `no permission to use the engine's socket ${socket}: we are user 65534 with the groups 65534, and a folder above it is closed to us`,
    });
  });
});
