import { expect } from 'vitest';
import { AlreadyExistsError, ConflictError, InvalidArgumentError, NotFoundError } from '../../../src/errors.ts';
import type { SnapshotRecord } from '../../../src/runtime/runtime.ts';
import { failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

export function snapshotBehaviours(behaviour: Behaviour): void {
  behaviour(
    'writable over an image, committed, and writable over that',
    async ({ runtime, subject, name }) => {
      const { snapshots } = runtime;
      const [work, version, next] = [`${name()}/work`, name(), name()] as const;
      const told = async (key: string): Promise<SnapshotRecord | undefined> =>
        (await snapshots.list()).find((one) => one.name === key);

      await snapshots.prepare(work, subject.image);
      expect(await told(work)).toMatchObject({ kind: 'active', parent: expect.any(String) as unknown });
      expect((await told(work))?.createdAt?.getFullYear()).toBeGreaterThan(2020);
      expect(await failureOf(snapshots.prepare(work, subject.image))).toBeInstanceOf(AlreadyExistsError);

      await snapshots.commit(version, work);
      expect(await told(version)).toMatchObject({ kind: 'committed', parent: expect.any(String) as unknown });
      expect(await told(work)).toMatchObject({ kind: 'active' });
      expect(await failureOf(snapshots.commit(version, work))).toBeInstanceOf(AlreadyExistsError);
      expect(await failureOf(snapshots.prepare(version, subject.image))).toBeInstanceOf(AlreadyExistsError);

      expect(await failureOf(snapshots.commit(name(), version))).toBeInstanceOf(ConflictError);
      expect(await failureOf(snapshots.prepare(name(), work))).toBeInstanceOf(ConflictError);

      await snapshots.prepare(next, version);
      expect(await told(next)).toMatchObject({ kind: 'active', parent: version });
      await snapshots.remove(work);
      expect(await failureOf(snapshots.remove(version))).toBeInstanceOf(ConflictError);
      expect(await told(version)).toBeDefined();
      for (const key of [next, version, work]) await snapshots.remove(key);
      for (const key of [next, version, work]) expect(await told(key)).toBeUndefined();
    },
    'snapshots',
  );

  behaviour(
    'none of what is not there, or of what cannot be one',
    async ({ runtime, name }) => {
      const { snapshots } = runtime;
      expect(await failureOf(snapshots.prepare(name(), name()))).toBeInstanceOf(NotFoundError);
      expect(await failureOf(snapshots.commit(name(), name()))).toBeInstanceOf(NotFoundError);
      expect(await failureOf(snapshots.createContainer(name(), { name: name() }))).toBeInstanceOf(NotFoundError);
      expect(await failureOf(snapshots.prepare('', 'x'))).toMatchObject({ field: 'key' });
      expect(await failureOf(snapshots.commit('-x', 'y'))).toBeInstanceOf(InvalidArgumentError);
    },
    'snapshots',
  );

  behaviour(
    'of what a container has written, as the beginning of others',
    async ({ runtime, subject, started, spec, name }) => {
      const { snapshots } = runtime;
      const id = await started({ command: ['sh', '-c', 'echo once >/written'], networkMode: 'none' });
      await runtime.wait(id);
      const version = name();
      await snapshots.commit(version, id);
      // It is no image that nobody uses.
      expect(
        (await runtime.images.collectGarbage({ labels: { [subject.mark]: true }, olderThanMs: 0 })).removed,
      ).toEqual([]);
      await snapshots.prepare(`${version}.next`, version);
      for (const key of [version, `${version}.next`]) {
        const { image: _, ...rest } = spec({
          command: ['sh', '-c', '[ "$(cat /written)" = once ] && echo more >>/written'],
          networkMode: 'none',
        });
        const { id: copy } = await snapshots.createContainer(key, rest);
        await runtime.start(copy);
        // The next one begins with the same again.
        expect([key, await runtime.wait(copy)]).toEqual([key, { exitCode: 0 }]);
        if (key === version) expect(await failureOf(snapshots.remove(version))).toBeInstanceOf(ConflictError);
        await runtime.remove(copy);
      }
      // Its own was left alone.
      expect(await runtime.status(id)).toBe('exited');
      await runtime.remove(id);
      for (const key of [`${version}.next`, version]) await snapshots.remove(key);
      expect((await snapshots.list()).filter((one) => one.name.startsWith(version))).toEqual([]);
    },
    'snapshots',
  );
}
