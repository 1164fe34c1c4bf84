import { expect } from 'vitest';
import { EngineRefusedError } from '../../../src/errors.ts';
import type { ContainerSpec } from '../../../src/runtime/container.ts';
import { failureOf, never } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const options = { signal: never };

export function startBehaviours(behaviour: Behaviour): void {
  behaviour('a container, and is content with one that runs already', async ({ runtime, started }) => {
    const id = await started({ command: ['sleep', '60'] });
    const before = await runtime.inspect(id, options);
    await runtime.start(id, options);
    await Promise.all([runtime.start(id, options), runtime.start(id, options)]);
    expect((await runtime.inspect(id, options))?.state).toEqual(before?.state);
  });

  behaviour('one that has ended once more', async ({ runtime, started }) => {
    const id = await started({ command: ['false'] });
    await runtime.wait(id, options);
    await runtime.start(id, options);
    expect(await runtime.wait(id, options)).toEqual({ exitCode: 1 });
  });

  // The exit statuses of `docker run`; all that is not about the command is 73, whatever words it ends in.
  const refused: readonly [what: string, spec: Partial<ContainerSpec>, code: string, exitStatus: number][] = [
    ['a command that is not found', { command: ['nope'] }, 'ERR_COMMAND_NOT_FOUND', 127],
    ['a path that is not found', { command: ['/nope/x'] }, 'ERR_COMMAND_NOT_FOUND', 127],
    ['a command with quotes that is not found', { command: ['we "ird: name'] }, 'ERR_COMMAND_NOT_FOUND', 127],
    ['an entrypoint that is not found', { entrypoint: ['/nope'], command: ['x'] }, 'ERR_COMMAND_NOT_FOUND', 127],
    ['a file that is not executable', { command: ['/etc/passwd'] }, 'ERR_COMMAND_NOT_EXECUTABLE', 126],
    ['a directory', { command: ['/etc'] }, 'ERR_COMMAND_NOT_EXECUTABLE', 126],
    ['a file mounted over a directory', { command: ['true'], binds: ['/etc/passwd:/tmp'] }, 'ERR_ENGINE_REFUSED', 73],
    ['a missing network', { command: ['true'], networkMode: 'no-such-network' }, 'ERR_ENGINE_REFUSED', 73],
    [
      'the network of a missing container',
      { command: ['true'], networkMode: 'container:no-such' },
      'ERR_ENGINE_REFUSED',
      73,
    ],
    [
      'the processes of a missing container',
      { command: ['true'], pidMode: 'container:no-such' },
      'ERR_ENGINE_REFUSED',
      73,
    ],
    ['an unknown user', { command: ['true'], user: 'no-such-user' }, 'ERR_ENGINE_REFUSED', 73],
  ];
  for (const [what, settings, code, exitStatus] of refused) {
    behaviour(`nothing with ${what}: ${exitStatus}`, async ({ runtime, spec }) => {
      // Some engines see it at once, some only when they start it.
      const work = runtime.create(spec({ networkMode: 'none', ...settings }), options);
      const error = await failureOf(work.then(({ id }) => runtime.start(id, options)));
      expect(error).toMatchObject({ code, exitStatus });
      expect(error).toBeInstanceOf(EngineRefusedError);
    });
  }

  behaviour(
    'nothing with a missing device, although "no such file" is said of it: 73',
    async ({ runtime, spec }) => {
      const device = { PathOnHost: '/dev/no-such', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' };
      const override = { HostConfig: { Devices: [device] } };
      const work = runtime.create(spec({ command: ['true'], override }), options);
      const error = await failureOf(work.then(({ id }) => runtime.start(id, options)));
      expect(error).toMatchObject({ code: 'ERR_ENGINE_REFUSED', exitStatus: 73 });
      expect(String(error)).toContain('/dev/no-such');
    },
    'override',
  );

  behaviour('nothing that is not there', async ({ runtime, name }) => {
    await expect(runtime.start(name(), options)).rejects.toThrow(EngineRefusedError);
  });
}
