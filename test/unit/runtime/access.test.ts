import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContainerRecord, ContainerSettings, MountPoint } from '../../../src/runtime/container.ts';
import { accessSettings } from '../../../src/runtime/docker/access.ts';
import { readContainer } from '../../../src/runtime/docker/create/inspect.ts';
import { temporaryFolder } from '../../support/fake-engine.ts';

const plain = readContainer({
  Id: 'a'.repeat(64),
  Name: '/self',
  Image: 'sha256:1',
  State: { Status: 'running', Running: true, Pid: 1, ExitCode: 0, StartedAt: '2026-01-01T00:00:00Z' },
  Config: { Image: 'alpine' },
  HostConfig: {},
});

function selfWith(mounts: Record<string, string>, settings: Partial<ContainerSettings> = {}): ContainerRecord {
  const mountPoints = Object.entries(mounts).map(([destination, source]): MountPoint => ({
    type: 'bind',
    source,
    destination,
    readOnly: false,
  }));
  return { ...plain, settings: { ...plain.settings, ...settings }, mountPoints };
}

const unix = (path: string) => ({ kind: 'unix', path }) as const;

describe('the way to an engine at a socket', () => {
  it('is the mount of the socket, and no network', () => {
    const self = selfWith({ '/x/docker.sock': '/host/docker.sock', '/data': '/secret' }, { networkMode: 'bridge' });
    expect(accessSettings(unix('/x/docker.sock'), {}, self)).toEqual({
      binds: ['/host/docker.sock:/x/docker.sock'],
      networkMode: 'none',
      env: ['DOCKER_HOST=unix:///x/docker.sock'],
      user: undefined,
      usernsMode: undefined,
    });
  });

  it.each<[what: string, mounts: Record<string, string>, bind: string]>([
    ['a folder above it', { '/x': '/host/run' }, '/host/run/docker.sock:/x/docker.sock'],
    ['the root', { '/': '/' }, '/x/docker.sock:/x/docker.sock'],
    [
      'the nearest of several',
      { '/': '/', '/x': '/host/run', '/x/docker.sock': '/host/d.sock' },
      '/host/d.sock:/x/docker.sock',
    ],
    [
      'not a neighbour',
      { '/': '/host', '/x/docker.sock2': '/no', '/x/doc': '/no' },
      '/host/x/docker.sock:/x/docker.sock',
    ],
  ])('is that socket alone where %s is mounted', (_, mounts, bind) => {
    expect(accessSettings(unix('/x/docker.sock'), {}, selfWith(mounts)).binds).toEqual([bind]);
  });

  it('is found through a link, as /var/run is one', async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, 'run'));
    await symlink('run', join(dir, 'link'));
    const self = selfWith({ [join(dir, 'link')]: '/host/run' });
    expect(accessSettings(unix(join(dir, 'run')), {}, self).binds).toEqual([`/host/run:${join(dir, 'run')}`]);
  });

  it('is an error where nothing leads to it', () => {
    expect(() => accessSettings(unix('/x/docker.sock'), {}, selfWith({ '/y': '/x' }))).toThrow(
      "the engine's socket /x/docker.sock is not mounted into this container",
    );
  });

  it('has the user and groups that may open it, and the labels of SELinux, but no other power', () => {
    const settings = { user: '1000', groupAdd: ['999'], securityOpt: ['label=disable', 'seccomp=unconfined'] };
    const self = selfWith({ '/x/docker.sock': '/d' }, { ...settings, privileged: true, usernsMode: 'host' });
    expect(accessSettings(unix('/x/docker.sock'), {}, self)).toMatchObject({
      user: '1000',
      groupAdd: ['999'],
      securityOpt: ['label=disable'],
      usernsMode: 'host',
    });
    expect(accessSettings(unix('/x/docker.sock'), {}, self)).not.toHaveProperty('privileged');
  });

  it('has the variables that lead there, and no others', () => {
    const env = { DOCKER_HOST: 'unix:///x/docker.sock', DOCKER_API_VERSION: '1.44', DOCKER_TLS_VERIFY: '', TOKEN: 'x' };
    expect(accessSettings(unix('/x/docker.sock'), env, selfWith({ '/x': '/x' })).env).toEqual([
      'DOCKER_HOST=unix:///x/docker.sock',
      'DOCKER_API_VERSION=1.44',
    ]);
    // It was found in another way, and is to be found again.
    expect(accessSettings(unix('/run/podman.sock'), { DOCKER_CONTEXT: 'x' }, selfWith({ '/run': '/run' })).env).toEqual(
      ['DOCKER_HOST=unix:///run/podman.sock'],
    );
  });
});

describe('the way to an engine in the network', () => {
  const tcp = (certPath?: string) => ({ kind: 'tcp', host: 'docker', port: 2376, tls: { certPath } }) as const;

  it('is our own network, and the folder of certificates', () => {
    const self = selfWith({ '/certs': '/host/certs' }, { networkMode: 'container:x' });
    expect(accessSettings(tcp('/certs/client'), {}, self)).toMatchObject({
      binds: ['/host/certs/client:/certs/client'],
      networkMode: 'container:x',
      env: ['DOCKER_HOST=tcp://docker:2376', 'DOCKER_TLS_VERIFY=1', 'DOCKER_CERT_PATH=/certs/client'],
    });
    const v6 = { kind: 'tcp', host: '::1', port: 2375, tls: undefined } as const;
    expect(accessSettings(v6, {}, self).env).toEqual(['DOCKER_HOST=tcp://[::1]:2375']);
  });

  it('is the network alone where there are none, or they are part of the image', () => {
    expect(accessSettings(tcp(), {}, selfWith({})).binds).toEqual([]);
    expect(accessSettings(tcp('/certs'), {}, selfWith({})).binds).toEqual([]);
  });
});
