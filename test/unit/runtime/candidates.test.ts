import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { candidates } from '../../../src/runtime/docker/connect/candidates.ts';
import { temporaryFolder } from '../../support/fake-engine.ts';

const env = { HOME: '/nonexistent/home', XDG_RUNTIME_DIR: '/nonexistent/run' };
const dockers = [
  '/var/run/docker.sock',
  '/nonexistent/run/docker.sock',
  '/nonexistent/home/.docker/run/docker.sock',
  '/nonexistent/home/.docker/desktop/docker.sock',
];
const podmans = ['/run/podman/podman.sock', '/nonexistent/run/podman/podman.sock'];

function places(preference: 'auto' | 'docker' | 'podman', asked: Record<string, string> = env): string[] {
  return [...candidates(preference, asked)].map(({ by, only }) => (only ? `only ${by}` : by));
}

describe('where engines are looked for', () => {
  it('is in order', () => {
    expect(places('auto')).toEqual([...dockers, ...podmans]);
    expect(places('docker')).toEqual(dockers);
    expect(places('podman')).toEqual([...podmans, '/var/run/docker.sock']);
  });

  it('is of the user that we are, where nothing is said', () => {
    expect(places('auto', {})).toEqual([
      '/var/run/docker.sock',
      expect.stringMatching(/^\/run\/user\/\d+\/docker\.sock$/),
      '/run/podman/podman.sock',
      expect.stringMatching(/^\/run\/user\/\d+\/podman\/podman\.sock$/),
    ]);
  });

  it.each(['auto', 'docker', 'podman'] as const)('is DOCKER_HOST alone where that is set: %s', (preference) => {
    expect(places(preference, { ...env, DOCKER_HOST: 'tcp://x', DOCKER_CONTEXT: 'y' })).toEqual(['only DOCKER_HOST']);
  });

  it('is CONTAINER_HOST for Podman', () => {
    const asked = { ...env, CONTAINER_HOST: 'unix:///x' };
    expect(places('podman', asked)).toEqual(['only CONTAINER_HOST']);
    expect(places('podman', { ...asked, DOCKER_HOST: 'unix:///y' })).toEqual(['only CONTAINER_HOST']);
    expect(places('auto', asked)).toEqual([...dockers, 'CONTAINER_HOST']);
    expect(places('docker', asked)).toEqual(dockers);
  });

  it('is the context that is asked for alone, and the current one first', async () => {
    expect(places('auto', { ...env, DOCKER_CONTEXT: 'far' })).toEqual(['only DOCKER_CONTEXT=far']);
    expect(places('auto', { ...env, DOCKER_CONTEXT: 'default' })).toEqual([...dockers, ...podmans]);
    const DOCKER_CONFIG = await temporaryFolder();
    const file = join(DOCKER_CONFIG, 'config.json');
    await writeFile(file, '{"currentContext":"near","auths":{}}');
    expect(places('docker', { ...env, DOCKER_CONFIG })).toEqual([`currentContext of ${file}`, ...dockers]);
    expect(places('docker', { ...env, DOCKER_CONFIG, DOCKER_CONTEXT: 'default' })).toEqual(dockers);
    expect(places('podman', { ...env, DOCKER_CONFIG })).not.toContain(`currentContext of ${file}`);
  });

  it.each(['{"currentContext":"default"}', '{"currentContext":""}', '{"currentContext":1}', 'null', '{', ''])(
    'is not changed by the configuration %s',
    async (text) => {
      const HOME = await temporaryFolder();
      await mkdir(join(HOME, '.docker'));
      await writeFile(join(HOME, '.docker/config.json'), text);
      expect(places('auto', { ...env, HOME })[0]).toBe('/var/run/docker.sock');
    },
  );
});

describe('a context', () => {
  async function folderWith(meta: object | undefined, name = 'near'): Promise<string> {
    const folder = await temporaryFolder();
    const id = createHash('sha256').update(name).digest('hex');
    await mkdir(join(folder, 'contexts/meta', id), { recursive: true });
    if (meta !== undefined) await writeFile(join(folder, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
    return folder;
  }

  function endpointOf(DOCKER_CONFIG: string): unknown {
    const [first] = candidates('auto', { DOCKER_CONFIG, DOCKER_CONTEXT: 'near' });
    return first?.endpoint();
  }

  it('has its address', async () => {
    const folder = await folderWith({ Name: 'near', Endpoints: { docker: { Host: 'unix:///x/y.sock' } } });
    expect(endpointOf(folder)).toEqual({ kind: 'unix', path: '/x/y.sock' });
  });

  it('has its certificates', async () => {
    const folder = await folderWith({ Endpoints: { docker: { Host: 'tcp://far:2376', SkipTLSVerify: false } } });
    const tls = join(folder, 'contexts/tls', createHash('sha256').update('near').digest('hex'), 'docker');
    expect(endpointOf(folder)).toEqual({ kind: 'tcp', host: 'far', port: 2376, tls: undefined });
    await mkdir(tls, { recursive: true });
    expect(endpointOf(folder)).toEqual({ kind: 'tcp', host: 'far', port: 2376, tls: { certPath: tls } });
  });

  it.each<[meta: object | undefined, says: string]>([
    [undefined, 'there is no context "near" with an address'],
    [{ Endpoints: { kubernetes: {} } }, 'there is no context "near" with an address'],
    [{ Endpoints: { docker: { Host: 'ssh://user@far' } } }, 'offshoot does not talk over ssh'],
    [{ Endpoints: { docker: { Host: 'npipe:////./pipe/x' } } }, 'DOCKER_CONTEXT=near: "npipe:////./pipe/x": expected'],
    [{ Endpoints: { docker: { Host: 'tcp://far', SkipTLSVerify: true } } }, 'does not want its engine’s certificate'],
  ])('that is %j cannot be used', async (meta, says) => {
    const folder = await folderWith(meta);
    expect(() => endpointOf(folder)).toThrow(says.replace('’', "'"));
  });
});
