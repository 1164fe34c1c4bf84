import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { CommandNotFoundError, ConflictError, ExecError, NotFoundError } from '../../../src/errors.ts';
import type { ExecHandle } from '../../../src/runtime/runtime.ts';
import { collect, failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const sleeper = { command: ['sleep', '600'], networkMode: 'none' };
const sh = (script: string): readonly string[] => ['sh', '-c', script];

export function execBehaviours(behaviour: Behaviour): void {
  behaviour(
    'a command, and tells its outputs apart and its status',
    async ({ runtime, started }) => {
      const id = await started({ ...sleeper, env: ['OF=container', 'KEPT=yes'] });
      expect(await runtime.exec.run(id, { command: sh('echo out; echo err >&2; exit 3') })).toEqual({
        exitCode: 3,
        stdout: 'out\n',
        stderr: 'err\n',
      });
      expect(await runtime.exec.run(id, { command: ['true'] })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      const asked = { env: ['OF=exec', 'ODD=ä =x'], workingDir: '/tmp', user: '7:8' };
      const { stdout } = await runtime.exec.run(id, {
        command: sh('echo $OF $KEPT "$ODD"; pwd; id -u; id -g'),
        ...asked,
      });
      expect(stdout).toBe('exec yes ä =x\n/tmp\n7\n8\n');
    },
    'exec',
  );

  behaviour(
    'with what it is given to read, to its end',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const count = async (stdin: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<string> =>
        (await runtime.exec.run(id, { command: ['wc', '-c'], stdin })).stdout.trim();
      async function* parts(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < 100; at += 1) yield Buffer.alloc(10_000);
      }
      expect(await count('')).toBe('0');
      expect(await count('ä\n')).toBe('3');
      expect(await count(Buffer.alloc(300_000))).toBe('300000');
      expect(await count(parts())).toBe('1000000');
    },
    'exec',
  );

  behaviour(
    'with what it is given and does not read',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const { exitCode } = await runtime.exec.run(id, { command: ['true'], stdin: Buffer.alloc(3_000_000) });
      expect(exitCode).toBe(0);
    },
    'input that nobody reads',
  );

  behaviour(
    'all of a large output in order, and none of one that is too large',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const { stdout } = await runtime.exec.run(id, { command: ['seq', '1', '20000'] });
      expect(stdout === Array.from({ length: 20_000 }, (_, at) => `${at + 1}\n`).join('')).toBe(true);
      await expect(runtime.exec.run(id, { command: ['seq', '1', '20000'], maxBytes: 1000 })).rejects.toThrow(ExecError);
    },
    'exec',
  );

  behaviour(
    'a conversation, half of which can be closed',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const handle = await runtime.exec.stream(id, {
        command: sh('while read -r word; do echo "<$word>"; done; echo end; exit 5'),
        stdin: true,
      });
      const said = handle.output[Symbol.asyncIterator]();
      const next = async (): Promise<string> =>
        Buffer.from(((await said.next()).value as { data: Uint8Array }).data).toString();
      await handle.write('one\n');
      expect(await next()).toBe('<one>\n');
      await handle.write('two\n');
      expect(await next()).toBe('<two>\n');
      expect(await runtime.exec.inspect(handle.id)).toMatchObject({ running: true, exitCode: undefined });
      await handle.closeStdin();
      expect(await next()).toBe('end\n');
      expect((await said.next()).done).toBe(true);
      expect(await handle.wait()).toEqual({ exitCode: 5 });
      expect(await runtime.exec.inspect(handle.id)).toMatchObject({ running: false, exitCode: 5 });
    },
    'exec',
  );

  behaviour(
    'a process whose output nobody reads to its end',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const handle = await runtime.exec.stream(id, { command: sh('seq 1 200000; exit 6') });
      expect(await handle.wait()).toEqual({ exitCode: 6 });
      await expect(handle.write('x')).rejects.toThrow(ConflictError);
      await expect(handle.resize({ columns: 80, rows: 24 })).rejects.toThrow(ConflictError);
    },
    'exec',
  );

  behaviour(
    'a terminal of the size that it is given, also later',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const handle = await runtime.exec.stream(id, {
        // Before API 1.42 a terminal gets its size a moment later.
        command: sh(
          'until [ "$(stty size)" = "41 101" ]; do usleep 9999; done; stty size; read -r _; stty size; echo err >&2',
        ),
        tty: { columns: 101, rows: 41 },
        stdin: true,
      });
      const text = await resized(handle);
      expect(text).toMatch(/41 101\r\n[^]*25 90\r\nerr\r\n$/);
      expect(await handle.wait()).toEqual({ exitCode: 0 });
    },
    'exec with a terminal',
  );

  behaviour(
    'a process that is left alone',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const { id: execId } = await runtime.exec.detached(id, { command: sh('echo done >/tmp/done; exit 4') });
      await expect.poll(async () => (await runtime.exec.inspect(execId)).exitCode).toBe(4);
      expect((await runtime.exec.run(id, { command: ['cat', '/tmp/done'] })).stdout).toBe('done\n');
    },
    'the end of what is left alone',
  );

  behaviour(
    'a process that goes on when its caller does not',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const controller = new AbortController();
      const reason = new Error('enough');
      const command = sh('sleep 1; echo done >/tmp/after');
      const handle = await runtime.exec.stream(id, { command }, { signal: controller.signal });
      const reading = failureOf(collect(handle.output));
      await sleep(20);
      controller.abort(reason);
      expect(await reading).toBe(reason);
      await expect.poll(() => runtime.hasFile(id, '/tmp/after'), { timeout: 10_000 }).toBe(true);
    },
    'exec',
  );

  behaviour(
    'nothing that cannot be',
    async ({ runtime, started, spec, name }) => {
      const id = await started(sleeper);
      await expect(runtime.exec.run(id, { command: ['nope'] })).rejects.toThrow(CommandNotFoundError);
      await expect(runtime.exec.detached(name(), { command: ['true'] })).rejects.toThrow(NotFoundError);
      await expect(runtime.exec.run(name(), { command: ['true'] })).rejects.toThrow(NotFoundError);
      await expect(runtime.exec.inspect('f'.repeat(64))).rejects.toThrow(NotFoundError);
      const { id: created } = await runtime.create(spec());
      await expect(runtime.exec.run(created, { command: ['true'] })).rejects.toThrow(ConflictError);
    },
    'exec',
  );

  behaviour(
    'and learns of the end of its container',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      const running = runtime.exec.run(id, { command: ['sleep', '600'] });
      await expect.poll(async () => ((await runtime.processes(id, {})) ?? []).length).toBe(2);
      await runtime.kill(id, 'SIGKILL');
      const outcome = await running.then(
        ({ exitCode }) => exitCode,
        (error: unknown) => error,
      );
      expect(outcome === 137 || outcome instanceof ExecError || outcome instanceof NotFoundError).toBe(true);
    },
    'exec',
  );
}

async function resized(handle: ExecHandle): Promise<string> {
  let text = '';
  for await (const { data } of handle.output) {
    text += Buffer.from(data).toString();
    if (!text.endsWith('41 101\r\n')) continue;
    await handle.resize({ columns: 90, rows: 25 });
    await handle.write('\n');
  }
  return text;
}
