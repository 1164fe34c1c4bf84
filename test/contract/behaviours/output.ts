import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { EngineRefusedError } from '../../../src/errors.ts';
import { collect, never } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const options = { signal: never };
const lines = 20_000;

/** What `seq FIRST LAST` prints. */
function sequence(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}\n`).join('');
}

export function outputBehaviours(behaviour: Behaviour): void {
  behaviour(
    'all of it in order, of a container that ends at once',
    async ({ runtime, spec }) => {
      const script = `seq 1 ${lines} & seq 1000001 ${1_000_000 + lines} >&2; wait`;
      const { id } = await runtime.create(spec({ command: ['sh', '-c', script], networkMode: 'none' }), options);
      const chunks = await runtime.attach(id, options);
      await runtime.start(id, options);
      const { stdout, stderr } = await collect(chunks);
      // Not toEqual: 20,000 lines are no message.
      expect(stdout === sequence(1, lines)).toBe(true);
      expect(stderr === sequence(1_000_001, 1_000_000 + lines)).toBe(true);
    },
    'the last words of what ends',
  );

  behaviour(
    'none, of a container that prints none',
    async ({ runtime, spec }) => {
      const { id } = await runtime.create(spec({ command: ['true'], networkMode: 'none' }), options);
      const chunks = await runtime.attach(id, options);
      await runtime.start(id, options);
      expect(await collect(chunks)).toEqual({ stdout: '', stderr: '' });
    },
    'attach before start',
  );

  behaviour(
    'of a terminal as it is, bytes that look like frames included',
    async ({ runtime, spec }) => {
      const command = ['sh', '-c', String.raw`printf 'a\n\001\000\000\000\000\000\000\002ä'; echo err >&2; sleep 1`];
      const { id } = await runtime.create(spec({ command, tty: true, networkMode: 'none' }), options);
      const chunks = await runtime.attach(id, options);
      await runtime.start(id, options);
      const { stdout, stderr } = await collect(chunks);
      expect(stdout).toBe('a\r\n\u0001\0\0\0\0\0\0\u0002äerr\r\n');
      expect(stderr).toBe('');
      await runtime.wait(id, options);
      expect((await collect(await runtime.logs(id, options))).stdout).toBe(stdout);
    },
    'terminal',
  );

  behaviour(
    'of the past, all or the last lines',
    async ({ runtime, started }) => {
      const id = await started({ command: ['sh', '-c', 'seq 1 100; seq 101 200 >&2'], networkMode: 'none' });
      await runtime.wait(id, options);
      expect(await collect(await runtime.logs(id, options))).toEqual({
        stdout: sequence(1, 100),
        stderr: sequence(101, 200),
      });
      // Which of the two comes first is the engine's affair.
      const tail = await collect(await runtime.logs(id, { ...options, tail: 3 }));
      expect(`${tail.stdout}${tail.stderr}`).toMatch(/^(98\n99\n100\n|198\n199\n200\n)$/);
      expect(await collect(await runtime.logs(id, { ...options, tail: 0 }))).toEqual({ stdout: '', stderr: '' });
    },
    'the last words of what ends',
  );

  for (const [how, tty, follow, needs] of [
    ['as frames, afterwards', false, false, 'the last words of what ends'],
    ['as frames, while it is followed', false, true, 'a followed log to who is slow'],
    ['of a terminal, afterwards', true, false, 'terminal'],
    ['of a terminal, while it is followed', true, true, 'a followed log to who is slow'],
  ] as const) {
    behaviour(
      `all of ${lines} lines of a log in order, ${how}`,
      async ({ runtime, started }) => {
        const id = await started({ command: ['seq', '1', `${lines}`], tty, networkMode: 'none' });
        if (!follow) await runtime.wait(id, options);
        const { stdout } = await collect(await runtime.logs(id, { ...options, follow }));
        // Not toEqual: 20,000 lines are no message.
        expect(stdout === sequence(1, lines).replaceAll('\n', tty ? '\r\n' : '\n')).toBe(true);
      },
      needs,
    );
  }

  behaviour(
    'all of a log that is followed, to who is slow and comes after the end',
    async ({ runtime, started }) => {
      const id = await started({ command: ['seq', '1', '60000'], networkMode: 'none' });
      const chunks = await runtime.logs(id, { ...options, follow: true });
      await runtime.wait(id, options);
      await sleep(500);
      const { stdout } = await collect(chunks);
      expect(stdout === sequence(1, 60_000)).toBe(true);
    },
    'a followed log to who is slow',
  );

  behaviour('of a running container so far, and with follow until it ends', async ({ runtime, started }) => {
    const script = 'echo one; until [ -e /go ]; do usleep 20000; done; echo two >&2; exit 5';
    const id = await started({ command: ['sh', '-c', script], networkMode: 'none' });
    await expect.poll(async () => (await collect(await runtime.logs(id, options))).stdout).toBe('one\n');
    const following = collect(await runtime.logs(id, { ...options, follow: true }));
    await runtime.kill(id, 'SIGKILL', options);
    expect(await following).toEqual({ stdout: 'one\n', stderr: '' });
  });

  behaviour('as it comes, not when it ends', async ({ runtime, started }) => {
    const id = await started({
      command: ['sh', '-c', 'while :; do echo tick; usleep 20000; done'],
      networkMode: 'none',
    });
    for (const chunks of [await runtime.attach(id, options), await runtime.logs(id, { ...options, follow: true })]) {
      let count = 0;
      for await (const { stream, data } of chunks) {
        expect([stream, Buffer.from(data).toString()]).toEqual(['stdout', expect.stringMatching(/^(tick\n)+$/)]);
        if (++count === 3) break;
      }
    }
    await runtime.kill(id, 'SIGKILL', options);
  });

  behaviour(
    'only as fast as it is taken',
    async ({ runtime, spec }) => {
      const megabytes = 200;
      const command = ['sh', '-c', `head -c ${megabytes * 1024 * 1024} /dev/zero`];
      // The engine is not to write the same to its disk.
      const override = { HostConfig: { LogConfig: { Type: 'none' } } };
      const { id } = await runtime.create(spec({ command, networkMode: 'none', override }), options);
      const chunks = await runtime.attach(id, options);
      await runtime.start(id, options);
      const before = memory();
      let [total, held] = [0, 0];
      for await (const { data } of chunks) {
        if (total === 0) {
          // Time enough for all of it to arrive, where nothing holds it back.
          await sleep(2_000);
          held = memory() - before;
        }
        total += data.length;
      }
      expect(total).toBe(megabytes * 1024 * 1024);
      expect(held / 1024 / 1024).toBeLessThan(16);
    },
    'the last words of what ends',
  );

  behaviour('none of what is not there', async ({ runtime, name }) => {
    await expect(runtime.logs(name(), options)).rejects.toThrow(EngineRefusedError);
    await expect(runtime.attach(name(), options)).rejects.toThrow(EngineRefusedError);
  });
}

/** The bytes of all buffers that are still in use. */
function memory(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
