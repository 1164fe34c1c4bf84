import { describe, expect, it } from 'vitest';
import { OffshootError } from '../../../src/errors.ts';
import { formatEndpoint, parseEndpoint } from '../../../src/runtime/docker/wire/endpoint.ts';

const tcp = (host: string, port: number, tls?: { certPath: string | undefined }): object => ({
  kind: 'tcp',
  host,
  port,
  tls,
});

describe('an address of an engine', () => {
  it.each<[address: string | undefined, endpoint: object]>([
    [undefined, { kind: 'unix', path: '/var/run/docker.sock' }],
    ['', { kind: 'unix', path: '/var/run/docker.sock' }],
    ['unix:///run/user/1000/docker.sock', { kind: 'unix', path: '/run/user/1000/docker.sock' }],
    ['UNIX:///run/docker.sock', { kind: 'unix', path: '/run/docker.sock' }],
    ['unix:///with space/and%20/docker.sock', { kind: 'unix', path: '/with space/and%20/docker.sock' }],
    ['tcp://docker', tcp('docker', 2375)],
    ['tcp://docker:2375', tcp('docker', 2375)],
    ['tcp://docker:2376', tcp('docker', 2376)],
    ['tcp://10.0.0.1:4243/', tcp('10.0.0.1', 4243)],
    ['TCP://Docker:1', tcp('docker', 1)],
    ['docker:1234', tcp('docker', 1234)],
    ['127.0.0.1:1234', tcp('127.0.0.1', 1234)],
    ['tcp://docker:80', tcp('docker', 80)],
    ['tcp://docker:80/', tcp('docker', 80)],
    ['tcp://docker:65535', tcp('docker', 65535)],
    ['tcp://[::1]:2375', tcp('::1', 2375)],
    ['http://docker:1', tcp('docker', 1)],
    ['https://docker', tcp('docker', 2376, { certPath: undefined })],
  ])('%s', (address, endpoint) => {
    expect(parseEndpoint({ DOCKER_HOST: address })).toEqual(endpoint);
  });

  it.each<[env: Record<string, string>, endpoint: object]>([
    [{ DOCKER_TLS_VERIFY: '1' }, tcp('docker', 2376, { certPath: undefined })],
    [{ DOCKER_TLS_VERIFY: '0', DOCKER_CERT_PATH: '/certs' }, tcp('docker', 2376, { certPath: '/certs' })],
    [{ DOCKER_TLS_VERIFY: '', DOCKER_CERT_PATH: '/certs' }, tcp('docker', 2375)],
    [{ DOCKER_CERT_PATH: '/certs' }, tcp('docker', 2375)],
  ])('tcp://docker with %j', (env, endpoint) => {
    expect(parseEndpoint({ DOCKER_HOST: 'tcp://docker', ...env })).toEqual(endpoint);
  });
});

describe('an address that is refused', () => {
  it.each<[address: string, exitStatus: number, says: string | RegExp]>([
    ['ssh://user@host', 69, /does not talk over ssh \(ssh:\/\/…@host\)/],
    ['npipe:////./pipe/docker_engine', 64, 'expected unix:///path or tcp://host:port'],
    ['fd://', 64, 'expected unix:///path'],
    ['unix://docker.sock', 64, 'expected an absolute path after unix://'],
    ['unix://', 64, 'expected an absolute path'],
    ['/var/run/docker.sock', 64, 'expected unix:///path'],
    ['unix:/run/docker.sock', 64, 'expected unix:///path'],
    ['tcp://', 64, 'expected'],
    ['tcp://:2375', 64, 'expected'],
    ['tcp://docker:0', 64, 'expected'],
    ['tcp://docker:65536', 64, 'expected'],
    ['tcp://docker:-1', 64, 'expected'],
    ['tcp://docker:http', 64, 'expected'],
    ['tcp://docker:1:2', 64, 'expected'],
    ['tcp://docker:2375/v1.41', 64, 'expected'],
    ['tcp://docker:2375?x=1', 64, 'expected'],
    ['tcp://docker:2375#x', 64, 'expected'],
    ['tcp://docker\\x:2375', 64, 'expected'],
    ['tcp://do cker:2375', 64, 'expected'],
    ['tcp://do\ncker:2375', 64, 'expected'],
    ['tcp://[::1:2375', 64, 'expected'],
    ['tcp://user@docker:2375', 64, 'a user or password has no place in it'],
  ])('%j', (address, exitStatus, says) => {
    const error = refusalOf(address);
    expect(error.exitStatus).toBe(exitStatus);
    expect(error.message).toMatch(says);
  });

  it.each([
    'tcp://user:secret@docker:2375',
    'tcp://user:sec/secret@docker:2375',
    'tcp://user:s@secret@docker:2375',
    'tcp://secret@docker:2375',
    'user:secret@docker:2375',
    'ssh://user:secret@docker',
    'npipe://secret@x',
    'tcp://docker:2375?token=secret',
    'SSH://user:secret@docker',
    'tcp://user:secret@docker:99999',
  ])('%s: no credential is printed', (address) => {
    expect(refusalOf(address).message).not.toContain('secret');
  });
});

it('is written without anything but its place', () => {
  expect(formatEndpoint(parseEndpoint({ DOCKER_HOST: 'unix:///run/d.sock' }))).toBe('unix:///run/d.sock');
  expect(formatEndpoint(parseEndpoint({ DOCKER_HOST: 'docker:80' }))).toBe('tcp://docker:80');
});

function refusalOf(address: string): OffshootError {
  try {
    parseEndpoint({ DOCKER_HOST: address });
  } catch (error) {
    if (error instanceof OffshootError) return error;
  }
  throw new Error('it was accepted');
}
