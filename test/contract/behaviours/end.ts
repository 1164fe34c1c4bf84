import { expect } from 'vitest';
import { EngineRefusedError } from '../../../src/errors.ts';
import { never } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const options = { signal: never };

export function endBehaviours(behaviour: Behaviour): void {
  behaviour('a wait with the container, and tells its exit status', async ({ runtime, started }) => {
    for (const status of [0, 1, 126, 255]) {
      const id = await started({ command: ['sh', '-c', `exit ${status}`], networkMode: 'none' });
      expect(await runtime.wait(id, options)).toEqual({ exitCode: status });
      expect(await runtime.wait(id, options)).toEqual({ exitCode: status });
    }
  });

  behaviour(
    'a wait at once for a container that does not run, and never for one that does',
    async ({ runtime, spec, started }) => {
      const { id: created } = await runtime.create(spec(), options);
      expect(await runtime.wait(created, options)).toEqual({ exitCode: 0 });
      const running = await started({ command: ['sleep', '60'], networkMode: 'none' });
      let ended = false;
      const waiting = runtime.wait(running, options).finally(() => (ended = true));
      await runtime.inspect(running, options);
      expect(ended).toBe(false);
      await runtime.kill(running, 'SIGKILL', options);
      expect(await waiting).toEqual({ exitCode: 137 });
    },
  );

  behaviour('the next end of a container, also of one that is gone at once', async ({ runtime, spec }, context) => {
    context.skip(runtime.nextExit === undefined, 'the engine tells nothing of it');
    for (const autoRemove of [false, true]) {
      const { id } = await runtime.create(
        spec({ command: ['sh', '-c', 'exit 3'], networkMode: 'none', autoRemove }),
        options,
      );
      const next = await runtime.nextExit?.(id, options);
      await runtime.start(id, options);
      expect(await next?.ended).toEqual({ exitCode: 3 });
    }
  });

  behaviour('a container by the signal it is told', async ({ runtime, started }) => {
    const script = 'trap "exit 42" USR1; echo ready; while :; do usleep 20000; done';
    const id = await started({ command: ['sh', '-c', script], networkMode: 'none' });
    for await (const _ of await runtime.logs(id, { ...options, follow: true })) break;
    await runtime.kill(id, 'SIGUSR1', options);
    expect(await runtime.wait(id, options)).toEqual({ exitCode: 42 });
  });

  behaviour('nothing that does not run, or is gone', async ({ runtime, spec, started, name }) => {
    const { id: created } = await runtime.create(spec(), options);
    await runtime.kill(created, 'SIGTERM', options);
    const ended = await started({ command: ['true'], networkMode: 'none' });
    await runtime.wait(ended, options);
    await runtime.kill(ended, 'SIGTERM', options);
    await runtime.kill(name(), 'SIGTERM', options);
  });

  behaviour('nothing by a signal that there is not', async ({ runtime, started }) => {
    const id = await started({ command: ['sleep', '60'], networkMode: 'none' });
    await expect(runtime.kill(id, 'SIGNOPE', options)).rejects.toThrow(EngineRefusedError);
    expect((await runtime.inspect(id, options))?.state.running).toBe(true);
  });

  behaviour(
    'a container for good, running or not, with its nameless volumes',
    async ({ runtime, subject, run, spec }) => {
      const running = await run(['--volume', '/data'], 'sleep', '60');
      const volume = (await runtime.inspect(running, options))?.mountPoints[0]?.name ?? '';
      expect(await subject.cli('volume', 'ls', '-q', '--filter', `name=${volume}`)).toBe(volume);
      const { id: created } = await runtime.create(spec(), options);
      for (const id of [running, created]) {
        await runtime.remove(id, options);
        expect(await runtime.inspect(id, options)).toBeUndefined();
      }
      expect(await subject.cli('volume', 'ls', '-q', '--filter', `name=${volume}`)).toBe('');
    },
  );

  behaviour('what is gone already, and what several remove at once', async ({ runtime, started, name }) => {
    await runtime.remove(name(), options);
    const id = await started({ command: ['sleep', '60'], networkMode: 'none' });
    await Promise.all([1, 2, 3].map(() => runtime.remove(id, options)));
    await expect.poll(() => runtime.inspect(id, options)).toBeUndefined();
    await runtime.remove(id, options);
  });

  behaviour(
    'a wait with the container that is removed',
    async ({ runtime, started }) => {
      const id = await started({ command: ['sleep', '60'], networkMode: 'none' });
      const waiting = runtime.wait(id, options);
      await runtime.inspect(id, options);
      await runtime.remove(id, options);
      expect(await waiting).toEqual({ exitCode: 137 });
    },
    'the end of what is removed',
  );

  behaviour('no wait for a container that is gone', async ({ runtime, started }) => {
    const id = await started({ command: ['true'], networkMode: 'none' });
    await runtime.remove(id, options);
    await expect(runtime.wait(id, options)).rejects.toThrow(EngineRefusedError);
  });
}
