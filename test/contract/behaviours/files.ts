import { expect } from 'vitest';
import { ConflictError, NotFoundError } from '../../../src/errors.ts';
import { failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const sleeper = { command: ['sleep', '600'], networkMode: 'none' };
const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));

export function fileBehaviours(behaviour: Behaviour): void {
  behaviour(
    'a file into a container and out of it, running or not',
    async ({ runtime, started, spec }) => {
      const { id: created } = await runtime.create(spec(sleeper));
      for (const id of [created, await started(sleeper)]) {
        for (const data of [bytes, Buffer.alloc(0)]) {
          await runtime.writeFile(id, '/tmp/data file', data, { mode: 0o600, uid: 7, gid: 8 });
          expect(Buffer.from(await runtime.readFile(id, '/tmp/data file')).equals(data)).toBe(true);
        }
        await runtime.writeFile(id, '/text', 'ä\n');
        expect(Buffer.from(await runtime.readFile(id, '/text')).toString()).toBe('ä\n');
      }
    },
    'copies',
  );

  behaviour(
    'the mode, owner and kind of a file with it',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      await runtime.writeFile(id, '/tmp/x', 'x', { mode: 0o4755, uid: 7, gid: 8 });
      const { stdout } = await runtime.exec.run(id, { command: ['stat', '-c', '%a %u %g', '/tmp/x'] });
      expect(stdout).toBe('4755 7 8\n');
      const stats = await Promise.all(
        ['/tmp/x', '/tmp'].map(async (path) => {
          const { stat, tar } = await runtime.copyOut(id, path);
          for await (const _ of tar);
          return [stat.name, stat.type, stat.linkTarget];
        }),
      );
      expect(stats).toEqual([
        ['x', 'file', undefined],
        ['tmp', 'directory', undefined],
      ]);
    },
    'copies',
  );

  behaviour(
    'a link as a link',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      await runtime.exec.run(id, { command: ['ln', '-s', '/etc/passwd', '/tmp/link'] });
      const { stat, tar } = await runtime.copyOut(id, '/tmp/link');
      for await (const _ of tar);
      expect(stat).toMatchObject({ name: 'link', type: 'link', linkTarget: '/etc/passwd' });
    },
    'links as they are',
  );

  behaviour(
    'a folder as a tar stream, from one container to another',
    async ({ runtime, started }) => {
      const [from, to] = [await started(sleeper), await started(sleeper)];
      await runtime.exec.run(from, { command: ['sh', '-c', 'mkdir -p /a/b; echo one >/a/one; echo two >/a/b/two'] });
      const { stat, tar } = await runtime.copyOut(from, '/a');
      expect(stat.type).toBe('directory');
      await runtime.copyIn(to, '/tmp', tar);
      const { stdout } = await runtime.exec.run(to, { command: ['cat', '/tmp/a/one', '/tmp/a/b/two'] });
      expect(stdout).toBe('one\ntwo\n');
    },
    'copies',
  );

  behaviour(
    'nothing to or from what is not there',
    async ({ runtime, started, name }) => {
      const id = await started(sleeper);
      const calls = [
        () => runtime.readFile(id, '/nope'),
        () => runtime.copyOut(id, '/nope/x'),
        () => runtime.copyIn(id, '/nope', Buffer.alloc(1024)),
        () => runtime.writeFile(id, '/nope/x', 'x'),
        () => runtime.readFile(name(), '/etc/passwd'),
      ];
      for (const call of calls) expect(await failureOf(call())).toBeInstanceOf(NotFoundError);
      await expect(runtime.readFile(id, '/tmp')).rejects.toThrow(ConflictError);
    },
    'copies',
  );

  behaviour(
    'nothing more where the source of a copy fails',
    async ({ runtime, started }) => {
      const id = await started(sleeper);
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(512);
        throw new Error('the disk has gone');
      }
      expect(String(await failureOf(runtime.copyIn(id, '/tmp', broken())))).toContain('the disk has gone');
    },
    'copies',
  );
}
