import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors.ts';
import { dockerRuntime } from '../../../src/runtime/docker/runtime.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { fakeEngine, versionAnswer } from '../../support/fake-engine.ts';
import { failureOf, never } from '../../support/runtime.ts';

const secret = 'hunter2-secret';

type Bad = readonly [field: string, call: (runtime: Runtime) => Promise<unknown>];

const bad: readonly Bad[] = [
  ...['', ' ', '.', '..', '../json', 'a/b', 'a b', '-x', 'ä', '?all=1', 'a\n', 'x'.repeat(300)].flatMap((id): Bad[] => [
    ['reference', (runtime) => runtime.inspect(id)],
    ['id', (runtime) => runtime.start(id)],
    ['id', (runtime) => runtime.exec.run(id, { command: ['true'] })],
    ['name', (runtime) => runtime.networks.remove(id)],
    ['spec.name', (runtime) => runtime.volumes.ensure({ name: id })],
    ['spec.name', (runtime) => runtime.create({ name: id, image: 'x' })],
  ]),
  ...['', 'UPPER', 'a b', '../x', 'x:', 'x@sha256:1'].flatMap((image): Bad[] => [
    ['reference', (runtime) => runtime.images.inspect(image)],
    ['spec.image', (runtime) => runtime.create({ name: 'x', image })],
  ]),
  ['id', (runtime) => runtime.status(undefined as unknown as string)],
  ['id', (runtime) => runtime.stop(7 as unknown as string)],
  ['stopSignal', (runtime) => runtime.stop('x', { stopSignal: 'SIG TERM' })],
  ['timeoutMs', (runtime) => runtime.stop('x', { timeoutMs: -1 })],
  ['timeoutMs', (runtime) => runtime.stop('x', { timeoutMs: Number.NaN })],
  ['signal', (runtime) => runtime.stop('x', { signal: 'SIGTERM' as unknown as AbortSignal })],
  ['tail', (runtime) => runtime.logs('x', { tail: 1.5 })],
  ['since', (runtime) => runtime.logs('x', { since: new Date('nope') })],
  ['follow', (runtime) => runtime.logs('x', { follow: 'yes' as unknown as boolean })],
  ['folow', (runtime) => runtime.logs('x', { folow: true } as object)],
  ['labels', (runtime) => runtime.list({ labels: {} })],
  ['labels name', (runtime) => runtime.list({ labels: { '': 'x' } })],
  ['label', (runtime) => runtime.findByLabel('', 'x')],
  ['path', (runtime) => runtime.readFile('x', 'relative')],
  ['mode', (runtime) => runtime.writeFile('x', '/x', 'x', { mode: 0o17777 })],
  ['data', (runtime) => runtime.writeStdin('x', 7 as unknown as string)],
  ['request.command', (runtime) => runtime.exec.run('x', { command: [] })],
  ['request.env[0]', (runtime) => runtime.exec.run('x', { command: ['x'], env: [`=${secret}`] })],
  ['request.tty.columns', (runtime) => runtime.exec.stream('x', { command: ['x'], tty: { columns: 0, rows: 1 } })],
  ['request.cmd', (runtime) => runtime.exec.detached('x', { command: ['x'], cmd: 'y' } as { command: string[] })],
  ['policy', (runtime) => runtime.images.pull('x', { policy: 'maybe' as 'never' })],
  ['name', (runtime) => runtime.images.tag('x', `y@sha256:${'f'.repeat(64)}`)],
  ['references', (runtime) => runtime.images.save([])],
  ['spec.mtu', (runtime) => runtime.networks.ensure({ name: 'x', mtu: 1 })],
  ['spec.subnets[0].subnet', (runtime) => runtime.networks.ensure({ name: 'x', subnets: [{ subnet: 'all' }] })],
  ['spec.labels.a', (runtime) => runtime.volumes.ensure({ name: 'x', labels: { a: 7 as unknown as string } })],
  ['bufferSize', (runtime) => runtime.events({ bufferSize: 0 })],
  ['project.files', (runtime) => runtime.compose.ps({ files: [] })],
  ['options', (runtime) => runtime.inspect('x', 'now' as unknown as object)],
];

describe('bad arguments', () => {
  it.each(bad.map(([field, call]) => [field, call] as const))(
    '%s is named, and nothing is sent',
    async (field, call) => {
      const { host, requests } = await fakeEngine((client) => client.write(versionAnswer()));
      const runtime = await dockerRuntime({ DOCKER_HOST: host }, { signal: never });
      const before = requests.length;
      const error = await failureOf(call(runtime));
      expect(error).toBeInstanceOf(InvalidArgumentError);
      expect(error).toMatchObject({ field, code: 'ERR_INVALID_ARGUMENT', exitStatus: 64 });
      expect(String(error)).not.toContain(secret);
      expect(requests.length).toBe(before);
    },
  );
});
