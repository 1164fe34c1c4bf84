import { expect } from 'vitest';
import { ConflictError, InvalidArgumentError, NotFoundError } from '../../../src/errors.ts';
import { failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const sleeper = { command: ['sleep', '600'], networkMode: 'none' };

export function taskBehaviours(behaviour: Behaviour): void {
  behaviour(
    'of what runs, is paused, and has ended',
    async ({ runtime, subject, spec }) => {
      const asked = spec(sleeper);
      const { id } = await runtime.create(asked);
      await runtime.start(id);
      const task = await runtime.tasks.get(id);
      expect(task).toEqual({ id, pid: expect.any(Number) as unknown, status: 'running', exitCode: undefined });
      expect(task?.pid).toBe((await runtime.inspect(id))?.state.pid);
      expect(await runtime.tasks.get(asked.name)).toEqual(task);
      expect(await runtime.tasks.list()).toContainEqual(task);
      await subject.cli('pause', id);
      expect(await runtime.tasks.get(id)).toMatchObject({ pid: task?.pid, status: 'paused' });
      await subject.cli('unpause', id);
      await runtime.kill(id, 'SIGKILL');
      await runtime.wait(id);
      const ended = { id, pid: 0, status: 'stopped', exitCode: 137 };
      expect(await runtime.tasks.get(id)).toEqual(ended);
      expect(await runtime.tasks.list()).toContainEqual(ended);
      await runtime.remove(id);
      expect(await runtime.tasks.get(id)).toBeUndefined();
      expect(await failureOf(runtime.tasks.get(''))).toBeInstanceOf(InvalidArgumentError);
    },
    'tasks',
  );

  behaviour(
    'deleted, and the container stays',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      expect(await failureOf(runtime.tasks.delete(id))).toBeInstanceOf(ConflictError);
      expect(await runtime.tasks.get(id)).toMatchObject({ status: 'running' });
      await runtime.tasks.delete(id, { force: true });
      expect(await runtime.tasks.get(id)).toBeUndefined();
      await runtime.tasks.delete(id);
      await runtime.start(id);
      expect(await runtime.tasks.get(id)).toMatchObject({ status: 'running' });
      await runtime.remove(id);
      expect(await failureOf(runtime.tasks.delete(id))).toBeInstanceOf(NotFoundError);
    },
    'deleting tasks',
  );
}
