import { expect, it } from 'vitest';
import {
  AlreadyExistsError,
  EngineUnavailableError,
  InvalidArgumentError,
  NotSupportedError,
} from '../../../src/errors.ts';
import type { OffshootEvent } from '../../../src/events.ts';
import { detectRuntime } from '../../../src/runtime/detect.ts';
import { availableRuntimes, registerRuntime } from '../../../src/runtime/registry.ts';
import { completed } from '../../../src/runtime/complete.ts';
import { fakeContainers } from '../../support/fake-containers.ts';
import { failureOf, never } from '../../support/runtime.ts';

const options = { signal: never, report: () => {} };
const nowhere = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

it('a runtime of somebody else is had by its name, its arguments checked', async () => {
  registerRuntime('mine', async () => completed({ ...fakeContainers({ id: 'app' }), kind: 'mine' }, 'it is mine'));
  const runtime = await detectRuntime('mine', {}, options);
  expect(runtime.kind).toBe('mine');
  expect((await runtime.inspect('app'))?.id).toBe('app');
  await expect(runtime.inspect('../app')).rejects.toThrow(InvalidArgumentError);
  expect(availableRuntimes()).toContainEqual({ name: 'mine', registered: true });
  expect(() => registerRuntime('mine', async () => runtime)).toThrow(AlreadyExistsError);
});

it('what somebody else’s runtime has not is named', async () => {
  registerRuntime('little', async () => completed({ ...fakeContainers(), kind: 'little' }, 'it is little'));
  const runtime = await detectRuntime('little', {}, options);
  expect(await runtime.status('app')).toBe('notFound');
  const error = await failureOf(runtime.compose.ps({ files: ['compose.yaml'] }));
  expect(error).toBeInstanceOf(NotSupportedError);
  expect(error).toMatchObject({
    runtime: 'little',
    operation: 'compose.ps',
    capability: 'compose',
    reason: 'it is little',
  });
});

it('names are checked', async () => {
  for (const name of ['', 'Docker', 'a b', 'x/y'])
    expect(() => registerRuntime(name, async () => fakeContainers())).toThrow(InvalidArgumentError);
  for (const name of ['docker', 'auto'])
    expect(() => registerRuntime(name, async () => fakeContainers())).toThrow(AlreadyExistsError);
  const error = await failureOf(detectRuntime('lxc', {}, options));
  expect(error).toBeInstanceOf(InvalidArgumentError);
  expect(String(error)).toContain('"lxc": expected auto, docker, podman, nerdctl');
});

it.each(['firecracker', 'nanos', 'apple'])('%s says what it would need', async (name) => {
  expect(availableRuntimes().find((one) => one.name === name)?.needs).toMatch(/KVM|kvm|macOS/);
  const error = await failureOf(detectRuntime(name, {}, options));
  expect(error).toBeInstanceOf(NotSupportedError);
  expect(error).toMatchObject({ runtime: name });
});

it('one that cannot be had is refused in a word, and the empty name means any', async () => {
  const events: OffshootEvent[] = [];
  registerRuntime('away', async () => {
    throw new EngineUnavailableError('it is away');
  });
  await expect(detectRuntime('away', {}, options)).rejects.toThrow('it is away');
  const error = await failureOf(detectRuntime('', nowhere, { signal: never, report: (event) => events.push(event) }));
  expect(error).toBeInstanceOf(EngineUnavailableError);
});
