import { describe, expect, it } from 'vitest';
import { isOwnAddress } from '../../../src/conditions/own-address.ts';
import { resolveConditions, type World } from '../../../src/conditions/resolve.ts';
import { InvalidRequestError } from '../../../src/errors.ts';
import { parseConditions } from '../../../src/plan/conditions.ts';
import type { ContainerSettings } from '../../../src/runtime/container.ts';
import { fakeContainers } from '../../support/fake-containers.ts';
import { sample } from '../paths/world.ts';

const { signal } = new AbortController();

function world(settings: ContainerSettings = {}, more: Partial<World> = {}): World {
  const { self, view } = sample('docker-28.5-privileged');
  const runtime = fakeContainers({ id: 'id-of-other', name: 'other' });
  const checked = { ...runtime.add({ id: 'id-of-db', name: 'db' }), settings: { healthcheck: { test: ['CMD', 'x'] } } };
  runtime.containers.set('id-of-db', checked);
  return {
    self: { ...self, settings: { ...self.settings, ...settings } },
    runtime,
    view,
    byWaiter: true,
    options: { signal },
    ...more,
  };
}

const resolve = (text: string, where = world()) => resolveConditions(parseConditions(text), where);

async function problems(text: string, where?: World): Promise<readonly string[]> {
  const error: unknown = await resolve(text, where).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InvalidRequestError)) throw new Error(`no mistake: ${String(error)}`);
  return error.mistakes.map(({ name, problem }) => `${name}: ${problem}`);
}

describe('conditions, at launch', () => {
  it('know containers by their ids', async () => {
    const where = world();
    const { watched, mounts, network } = await resolve('exited:self,exited:other,healthy:db', where);
    expect(watched).toEqual([
      { kind: 'exited', text: 'exited:self', id: where.self.id },
      { kind: 'exited', text: 'exited:other', id: 'id-of-other' },
      { kind: 'healthy', text: 'healthy:db', id: 'id-of-db' },
    ]);
    expect({ mounts, network }).toEqual({ mounts: [], network: false });
  });

  it('need the networks of self only for addresses, and only of a waiter', async () => {
    expect((await resolve('tcp:db:1')).network).toBe(true);
    expect((await resolve('http://db/')).network).toBe(true);
    expect((await resolve('tcp:localhost:1', world({}, { byWaiter: false }))).network).toBe(false);
  });

  it('name everything that cannot be watched, and the way out', async () => {
    expect(await problems('exited:none,healthy:other,tcp:localhost:80,http://[::1]/x')).toEqual([
      'OFFSHOOT_WHEN: "exited:none": there is no such container on a fake engine',
      expect.stringMatching(/"healthy:other": it has no health check; watch a port/),
      expect.stringMatching(/"tcp:localhost:80": is the address of whoever asks.*OFFSHOOT_ATTACH/),
      expect.stringMatching(/"http:\/\/\[::1\]\/x": is the address of whoever asks/),
    ]);
  });

  it.each(['host', 'container:abc'])('take self’s own address with the network %s', async (networkMode) => {
    expect((await resolve('tcp:127.0.0.1:80', world({ networkMode }))).watched).toHaveLength(1);
  });

  it('need a network', async () => {
    expect(await problems('tcp:db:80', world({ networkMode: 'none' }))).toEqual([
      expect.stringContaining('this container has no network'),
    ]);
  });

  it('refuse a check that was switched off, and an engine that runs none', async () => {
    const where = world();
    const runtime = fakeContainers();
    runtime.containers.set('off', { ...runtime.add({ id: 'off' }), settings: { healthcheck: { test: ['NONE'] } } });
    expect(await problems('healthy:off', { ...where, runtime })).toEqual([expect.stringContaining('no health check')]);
    const without = { ...where.runtime, features: { volumeSubpath: false, healthChecks: false } };
    expect(await problems('healthy:db', { ...where, runtime: without })).toEqual([
      expect.stringContaining('runs no health checks'),
    ]);
  });

  it('leave paths as they are where we watch ourselves', async () => {
    const { watched, mounts } = await resolve('file:./x', world({}, { byWaiter: false }));
    expect({ watched, mounts }).toEqual({ watched: [{ kind: 'file', text: 'file:./x', path: './x' }], mounts: [] });
  });

  it('refuse a file of a folder that is not of the host', async () => {
    expect(await problems('file:/proc/done')).toEqual([
      expect.stringContaining('the waiter has to be given its folder'),
    ]);
  });
});

it.each([
  ['localhost', true],
  ['LOCALHOST.', true],
  ['db.localhost', true],
  ['127.0.0.1', true],
  ['127.1', true],
  ['2130706433', true],
  ['0.0.0.0', true],
  ['::1', true],
  ['[::1]', true],
  ['::', true],
  ['::ffff:127.0.0.1', true],
  ['localhost.example', false],
  ['10.0.0.1', false],
  ['fd00::1', false],
  ['db', false],
  ['127.example', false],
])('%s is our own address: %s', (host, expected) => {
  expect(isOwnAddress(host)).toBe(expected);
});
