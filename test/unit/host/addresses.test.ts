import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineUnavailableError, InvalidArgumentError, InvalidRequestError } from '../../../src/errors.ts';
import { resolveContainerdAddress } from '../../../src/host/containerd-address.ts';
import { resolveDockerHost } from '../../../src/host/docker-host.ts';
import { normalizeImageRef } from '../../../src/host/image-ref.ts';
import { fakeHost } from '../../support/fake-host.ts';

describe('resolveDockerHost', () => {
  let folder: string;
  const userHost = fakeHost({ uid: 1000, sockets: ['/run/user/1000/docker.sock'] });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'offshoot-docker-'));
    const id = createHash('sha256').update('far').digest('hex');
    mkdirSync(join(folder, 'contexts/meta', id), { recursive: true });
    writeFileSync(join(folder, 'contexts/meta', id, 'meta.json'), '{"Endpoints":{"docker":{"Host":"tcp://far:2376"}}}');
    mkdirSync(join(folder, 'contexts/tls', id, 'docker'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('goes from what is asked for to the usual socket', () => {
    const certPath = join(folder, 'contexts/tls', createHash('sha256').update('far').digest('hex'), 'docker');
    const far = { host: 'tcp://far:2376', tls: true, certPath };
    const all = { DOCKER_CONFIG: folder, DOCKER_HOST: 'unix:///run/a.sock', DOCKER_CONTEXT: 'far' };
    const plain = { tls: false, certPath: undefined };
    expect(resolveDockerHost({ host: 'tcp://near', env: all }, userHost)).toEqual({
      host: 'tcp://near:2375',
      by: 'host',
      ...plain,
    });
    expect(resolveDockerHost({ env: all }, userHost)).toEqual({
      host: 'unix:///run/a.sock',
      by: 'DOCKER_HOST',
      ...plain,
    });
    expect(resolveDockerHost({ env: { ...all, DOCKER_HOST: '' } }, userHost)).toEqual({
      ...far,
      by: 'DOCKER_CONTEXT=far',
    });
    writeFileSync(join(folder, 'config.json'), '{"currentContext":"far"}');
    const env = { DOCKER_CONFIG: folder };
    expect(resolveDockerHost({ env }, userHost)).toEqual({ ...far, by: `currentContext of ${folder}/config.json` });
    writeFileSync(join(folder, 'config.json'), '{"currentContext":"default"}');
    expect(resolveDockerHost({ env }, userHost)).toMatchObject({ host: 'unix:///run/user/1000/docker.sock' });
    expect(resolveDockerHost({ env }, fakeHost({}))).toMatchObject({ host: 'unix:///var/run/docker.sock' });
    const elsewhere = fakeHost({ sockets: ['/x/docker.sock'] });
    expect(resolveDockerHost({ env: { ...env, XDG_RUNTIME_DIR: '/x' } }, elsewhere)).toMatchObject({
      by: '/x/docker.sock',
    });
  });

  it.each([
    ['an address that is none', { host: 'unix://run/x' }, InvalidRequestError],
    ['ssh', { host: 'ssh://user@far' }, EngineUnavailableError],
    ['a context that is not there', { env: { DOCKER_CONTEXT: 'nowhere' } }, EngineUnavailableError],
  ])('refuses %s', (_, asked, error) => {
    const env = { DOCKER_CONFIG: folder, ...('env' in asked ? asked.env : {}) };
    expect(() => resolveDockerHost({ ...asked, env }, userHost)).toThrow(error);
  });
});

describe('resolveContainerdAddress', () => {
  const usual = '/run/containerd/containerd.sock';
  const own = '/proc/77/root/run/containerd/containerd.sock';
  const k3s = '/run/k3s/containerd/containerd.sock';
  const child = { '/run/user/1000/containerd-rootless/child_pid': '77\n' };
  const toml = { '/etc/nerdctl/nerdctl.toml': '# ours\naddress = "unix:///run/t.sock" # here\n' };
  it.each([
    ['nothing', {}, {}, usual],
    ['what is there', {}, { sockets: [k3s] }, k3s],
    ['the usual one before others', {}, { sockets: [k3s, usual] }, usual],
    ['nerdctl.toml', {}, { files: toml, sockets: [usual] }, '/run/t.sock'],
    [
      'another nerdctl.toml',
      { NERDCTL_TOML: '/n' },
      { files: { ...toml, '/n': "address='/run/n.sock'" } },
      '/run/n.sock',
    ],
    ['the variable', { CONTAINERD_ADDRESS: 'unix:///run/v.sock' }, { files: toml }, '/run/v.sock'],
    ['rootless', {}, { uid: 1000, files: child, sockets: [own, usual] }, own],
    ['rootless, that has ended', {}, { uid: 1000, files: child, sockets: [usual] }, usual],
    [
      'the file of a user',
      { HOME: '/h' },
      { uid: 1000, files: { '/h/.config/nerdctl/nerdctl.toml': 'address="/u"' } },
      '/u',
    ],
    ['a rootless one is nothing to root', {}, { files: child, sockets: [own] }, usual],
  ])('%s', (_, env, view, address) => {
    expect(resolveContainerdAddress({ env }, fakeHost(view))).toMatchObject({ address });
  });

  it('tells whose namespaces a client has to enter', () => {
    const host = fakeHost({ uid: 1000, files: child, sockets: [own] });
    expect(resolveContainerdAddress({ env: {} }, host)).toMatchObject({ childPid: 77 });
    const asked = resolveContainerdAddress({ address: '/run/a.sock', env: { CONTAINERD_ADDRESS: '/v' } }, host);
    expect(asked).toEqual({ address: '/run/a.sock', by: 'address', childPid: undefined });
  });

  it('reads a nerdctl.toml as TOML, and says where it is none', () => {
    const withToml = (text: string) =>
      resolveContainerdAddress({ env: {} }, fakeHost({ files: { '/etc/nerdctl/nerdctl.toml': text } }));
    expect(withToml('a = ["/b"]\naddress = "/c\\u0064"\n[t]\naddress = "/no"\n').address).toBe('/cd');
    expect(withToml('[t]\naddress = "/no"\n').address).toBe('/run/containerd/containerd.sock');
    expect(() => withToml('debug = true\naddress = /run/c.sock\n')).toThrow(
      /^\/etc\/nerdctl\/nerdctl\.toml: is no TOML, in line 2, column \d+/,
    );
  });

  it.each(['containerd.sock', 'tcp://a:1', 'unix://x'])('refuses %j', (address) => {
    expect(() => resolveContainerdAddress({ address, env: {} }, fakeHost({}))).toThrow(InvalidArgumentError);
    expect(() => resolveContainerdAddress({ env: { CONTAINERD_ADDRESS: address } }, fakeHost({}))).toThrow(
      /^CONTAINERD_ADDRESS: /,
    );
  });
});

describe('normalizeImageRef', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each([
    ['alpine', 'docker.io/library/alpine:latest'],
    ['memohai/mcp:latest', 'docker.io/memohai/mcp:latest'],
    ['index.docker.io/alpine:3', 'docker.io/library/alpine:3'],
    ['localhost:5000/a/b:1.10', 'localhost:5000/a/b:1.10'],
    [`ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`],
    [`alpine:3@${digest}`, `docker.io/library/alpine@${digest}`],
  ])('%s', (reference, full) => {
    expect(normalizeImageRef(reference)).toBe(full);
    expect(normalizeImageRef(full)).toBe(full);
  });

  it.each(['', 'Alpine', ' alpine', digest, 'a'.repeat(64), 'https://a/b'])('refuses %j', (reference) => {
    expect(() => normalizeImageRef(reference)).toThrow(InvalidArgumentError);
  });
});
