import { expect } from 'vitest';
import {
  ConflictError,
  ContainerExitedError,
  NameTakenError,
  NotFoundError,
  StopTimeoutError,
  TimeoutError,
} from '../../../src/errors.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { collect, failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const sleeper = { command: ['sleep', '600'], networkMode: 'none', stopTimeout: 1 };
const deaf = { command: ['sh', '-c', 'trap "" TERM; echo ready; while :; do usleep 20000; done'], networkMode: 'none' };

async function untilReady(runtime: Runtime, id: string): Promise<void> {
  for await (const _ of await runtime.logs(id, { follow: true })) break;
}

export function containerBehaviours(behaviour: Behaviour): void {
  behaviour('with a word for each state', async ({ runtime, spec, name }) => {
    expect(await runtime.status(name())).toBe('notFound');
    const { id } = await runtime.create(spec(sleeper));
    expect(await runtime.status(id)).toBe('created');
    await runtime.start(id);
    expect(await runtime.status(id)).toBe('running');
    await runtime.kill(id, 'SIGKILL');
    await runtime.wait(id);
    await expect.poll(() => runtime.status(id)).toBe('exited');
  });

  behaviour(
    'until it runs, and tells one that has ended from one that was not started',
    async ({ runtime, spec, started, name }) => {
      const { id } = await runtime.create(spec(sleeper));
      const late = await failureOf(runtime.waitUntilRunning(id, { timeoutMs: 120 }));
      expect(late).toBeInstanceOf(TimeoutError);
      expect(String(late)).toContain('it is created');
      const waiting = runtime.waitUntilRunning(id);
      await runtime.start(id);
      expect(await waiting).toMatchObject({ status: 'running', running: true });
      const short = await started({ command: ['sh', '-c', 'exit 7'], networkMode: 'none' });
      await runtime.wait(short);
      const ended = await failureOf(runtime.waitUntilRunning(short));
      expect(ended).toBeInstanceOf(ContainerExitedError);
      expect(ended).toMatchObject({ exitCode: 7, code: 'ERR_CONTAINER_EXITED' });
      await expect(runtime.waitUntilRunning(name())).rejects.toThrow(NotFoundError);
    },
  );

  behaviour(
    'to its stop, by its own signal or another, and keeps its status and output',
    async ({ runtime, started }) => {
      const script = 'trap "exit 3" TERM; trap "exit 4" USR1; echo ready; while :; do usleep 20000; done';
      for (const [stopSignal, exitCode] of [
        [undefined, 3],
        ['SIGUSR1', 4],
      ] as const) {
        const id = await started({ command: ['sh', '-c', script], networkMode: 'none' });
        await untilReady(runtime, id);
        await runtime.stop(id, { stopSignal });
        expect((await runtime.inspect(id))?.state).toMatchObject({ running: false, exitCode });
        await runtime.stop(id, { stopSignal });
        expect((await runtime.inspect(id))?.state).toMatchObject({ running: false, exitCode });
        expect((await collect(await runtime.logs(id))).stdout).toBe('ready\n');
      }
    },
  );

  behaviour(
    'that does not want to stop by force, unless it is not to be forced',
    async ({ runtime, started, name }) => {
      const id = await started(deaf);
      await untilReady(runtime, id);
      const error = await failureOf(runtime.stop(id, { timeoutMs: 300, force: false }));
      expect(error).toBeInstanceOf(StopTimeoutError);
      expect(error).toMatchObject({ code: 'ERR_STOP_TIMEOUT', exitStatus: 75 });
      expect(await runtime.status(id)).toBe('running');
      await runtime.stop(id, { timeoutMs: 300 });
      expect((await runtime.inspect(id))?.state).toMatchObject({ running: false, exitCode: 137 });
      await expect(runtime.stop(name())).rejects.toThrow(NotFoundError);
    },
  );

  behaviour(
    'to a pause and out of it',
    async ({ runtime, started, spec, name }) => {
      const id = await started(sleeper);
      for (const _ of [1, 2]) await runtime.pause(id);
      expect(await runtime.status(id)).toBe('paused');
      for (const _ of [1, 2]) await runtime.unpause(id);
      expect(await runtime.status(id)).toBe('running');
      const { id: created } = await runtime.create(spec(sleeper));
      await expect(runtime.pause(created)).rejects.toThrow(ConflictError);
      await expect(runtime.unpause(created)).rejects.toThrow(ConflictError);
      await expect(runtime.pause(name())).rejects.toThrow(NotFoundError);
    },
    'pause',
  );

  behaviour(
    'to another name, which nobody else has',
    async ({ runtime, spec, name }) => {
      const [{ id }, other, to] = [await runtime.create(spec()), spec(), name()];
      await runtime.create(other);
      await runtime.rename(id, to);
      expect((await runtime.inspect(id))?.name).toBe(to);
      await expect(runtime.rename(id, other.name)).rejects.toThrow(NameTakenError);
      await expect(runtime.rename(name(), name())).rejects.toThrow(NotFoundError);
    },
    'rename',
  );

  behaviour(
    'by all of its labels, running or not, the newest first',
    async ({ runtime, spec, started, subject }) => {
      const family = `${subject.mark}-family`;
      const labels = { [family]: 'x', odd: 'a=b, c' };
      const { id: first } = await runtime.create(spec({ labels }));
      const second = await started({ ...sleeper, labels: { ...labels, odd: 'other' } });
      const { id: third } = await runtime.create(spec({ labels }));
      const ids = async (wanted: Record<string, string | true>): Promise<string[]> =>
        (await runtime.list({ labels: wanted })).map(({ id }) => id);
      expect(await ids({ [family]: true })).toEqual([third, second, first]);
      expect(await ids(labels)).toEqual([third, first]);
      expect(await ids({ [family]: 'x', odd: 'nobody' })).toEqual([]);
      expect((await runtime.findByLabel(family, true))?.id).toBe(third);
      expect((await runtime.findByLabel('odd', 'a=b, c'))?.id).toBe(third);
      expect(await runtime.findByLabel(family, 'y')).toBeUndefined();
      const running = (await runtime.list({ labels: { [family]: true }, all: false })).map(({ id }) => id);
      expect(running).toEqual([second]);
    },
    'filters of lists',
  );

  behaviour(
    'by its whole name, with its image, state and age',
    async ({ runtime, spec, started, subject }) => {
      const asked = spec(sleeper);
      await runtime.create({ ...asked, name: `${asked.name}-longer` });
      await started(asked);
      const [found, ...others] = await runtime.list({ names: [asked.name], all: true });
      expect(others).toEqual([]);
      expect(found).toMatchObject({ name: asked.name, image: subject.image, status: 'running' });
      expect(Math.abs(Date.now() - (found?.createdAt?.getTime() ?? 0))).toBeLessThan(120_000);
    },
    'filters of lists',
  );

  behaviour(
    'with its health',
    async ({ runtime, started, name }) => {
      const healthcheck = { test: ['CMD-SHELL', 'test -e /well'], interval: 100_000_000, retries: 1 };
      const id = await started({ ...sleeper, healthcheck });
      await expect.poll(() => runtime.health(id), { timeout: 20_000 }).toBe('unhealthy');
      await runtime.exec.run(id, { command: ['touch', '/well'] });
      await expect.poll(() => runtime.health(id), { timeout: 20_000 }).toBe('healthy');
      expect(await runtime.health(await started(sleeper))).toBe('none');
      await expect(runtime.health(name())).rejects.toThrow(NotFoundError);
    },
    'health',
  );

  behaviour(
    'with what it uses',
    async ({ runtime, started, spec, name }) => {
      const id = await started({ command: ['sh', '-c', 'while :; do :; done'], networkMode: 'none' });
      const stats = await runtime.stats(id);
      expect(stats.cpu.totalNs).toBeGreaterThanOrEqual(0);
      expect(stats.cpu.percent).toBeGreaterThanOrEqual(0);
      expect(Math.abs(Date.now() - stats.readAt.getTime())).toBeLessThan(120_000);
      await runtime.kill(id, 'SIGKILL');
      const { id: created } = await runtime.create(spec());
      await expect(runtime.stats(created)).rejects.toThrow(ConflictError);
      await expect(runtime.stats(name())).rejects.toThrow(NotFoundError);
    },
    'stats',
  );

  behaviour(
    'with the processor time that it takes',
    async ({ runtime, started }) => {
      const id = await started({ command: ['sh', '-c', 'while :; do :; done'], networkMode: 'none' });
      const { cpu, memory, processes } = await runtime.stats(id);
      expect(cpu.totalNs).toBeGreaterThan(0);
      expect(cpu.percent).toBeGreaterThan(1);
      expect(memory.used).toBeGreaterThan(0);
      expect(processes).toBe(1);
      await runtime.kill(id, 'SIGKILL');
    },
    'accounting',
  );

  behaviour(
    'to read what is written to it',
    async ({ runtime, started, spec, name }) => {
      const id = await started({ command: ['cat'], openStdin: true, networkMode: 'none' });
      await runtime.writeStdin(id, 'one\n');
      await runtime.writeStdin(id, Buffer.from('two ä\n'));
      await expect.poll(async () => (await collect(await runtime.logs(id))).stdout).toBe('one\ntwo ä\n');
      expect(await runtime.status(id)).toBe('running');
      await expect(runtime.writeStdin(await started(sleeper), 'x')).rejects.toThrow(ConflictError);
      const { id: created } = await runtime.create(spec({ openStdin: true }));
      await expect(runtime.writeStdin(created, 'x')).rejects.toThrow(ConflictError);
      await expect(runtime.writeStdin(name(), 'x')).rejects.toThrow(NotFoundError);
    },
    'standard input',
  );

  behaviour(
    'with its places on the host',
    async ({ runtime, started, spec }) => {
      const id = await started({ command: ['sleep', '600'] });
      const { state } = (await runtime.inspect(id)) ?? {};
      expect(await runtime.networkNamespacePath(id)).toBe(`/proc/${state?.pid}/ns/net`);
      expect(await runtime.hostsPath(id)).toMatch(/^\/.*hosts$/);
      const { id: created } = await runtime.create(spec(sleeper));
      // Not /proc/0.
      await expect(runtime.networkNamespacePath(created)).rejects.toThrow(ConflictError);
    },
    'host paths',
  );

  behaviour(
    'what was said since a time',
    async ({ runtime, started }) => {
      const id = await started({ command: ['sh', '-c', 'echo early; sleep 2; echo late'], networkMode: 'none' });
      await runtime.wait(id);
      const { state } = (await runtime.inspect(id)) ?? {};
      const since = new Date(Date.parse(state?.startedAt ?? '') + 1_000);
      expect((await collect(await runtime.logs(id, { since }))).stdout).toBe('late\n');
    },
    'logs since',
  );
}
