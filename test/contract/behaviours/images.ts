import { expect } from 'vitest';
import { ConflictError, ImageUnavailableError, InvalidArgumentError, NotFoundError } from '../../../src/errors.ts';
import { failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const sleeper = { command: ['sleep', '600'], networkMode: 'none' };

export function imageBehaviours(behaviour: Behaviour): void {
  behaviour(
    'what it is, and what it is not',
    async ({ runtime, subject }) => {
      const { images } = runtime;
      expect(await images.exists(subject.image)).toBe(true);
      expect(await images.exists('offshoot-test/nope:1')).toBe(false);
      const image = await images.inspect(subject.image);
      expect(image).toMatchObject({
        id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        platform: expect.stringMatching(/^linux\//),
      });
      expect(image?.tags).toContain(subject.image);
      expect(image?.layers.length).toBe(1);
      expect(image?.size).toBeGreaterThan(500_000);
      expect(image?.config?.command).toEqual(['sh']);
      expect(await images.tags(subject.image)).toContain(subject.image);
      expect(await images.digest(subject.image)).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(await images.inspect('offshoot-test/nope:1')).toBeUndefined();
      await expect(images.digest('offshoot-test/nope:1')).rejects.toThrow(NotFoundError);
      await expect(images.exists('UPPER')).rejects.toThrow(InvalidArgumentError);
    },
    'images',
  );

  behaviour(
    'other names, which can be taken away',
    async ({ runtime, subject, name }) => {
      const { images } = runtime;
      const other = `${subject.image.replace(/:1$/, '')}:${name()}`;
      await images.tag(subject.image, other);
      expect(await images.tags(subject.image)).toContain(other);
      await images.remove(other);
      expect(await images.exists(other)).toBe(false);
      expect(await images.exists(subject.image)).toBe(true);
      await expect(images.remove(other)).rejects.toThrow(NotFoundError);
      await images.remove(other, { ignoreMissing: true });
    },
    'images',
  );

  behaviour(
    'what a container has written, found by its label, saved and loaded',
    async ({ runtime, subject, started, name, spec }) => {
      const { images } = runtime;
      const id = await started({ ...sleeper, command: ['sh', '-c', 'echo yes >/written; sleep 600'] });
      await expect.poll(() => runtime.hasFile(id, '/written')).toBe(true);
      const reference = `${subject.image.replace(/:1$/, '')}:${name()}`;
      const made = await images.commit(id, {
        reference,
        changes: [`LABEL ${subject.mark}=image`, 'CMD ["grep","-qx","yes","/written"]'],
      });
      const found = await images.list({ labels: { [subject.mark]: 'image' } });
      expect(found.flatMap(({ tags }) => tags)).toContain(reference);
      expect(await images.list({ labels: { [subject.mark]: 'other' } })).toEqual([]);
      const parts: Uint8Array[] = [];
      for await (const part of await images.save([reference])) parts.push(part);
      await images.remove(reference, { force: true });
      expect(await images.exists(reference)).toBe(false);
      expect(await images.load(Buffer.concat(parts))).toContain(reference);
      const { id: copy } = await runtime.create(spec({ image: reference, networkMode: 'none' }));
      await runtime.start(copy);
      expect(await runtime.wait(copy)).toEqual({ exitCode: 0 });
      await expect(images.remove(reference)).rejects.toThrow(ConflictError);
      await runtime.remove(copy);
      await images.remove(reference);
      expect(made.id).toMatch(/^sha256:/);
    },
    'images',
  );

  behaviour(
    'by its policy: what is there is not pulled, what may not be is not',
    async ({ runtime, subject }) => {
      const { images } = runtime;
      const { image, pulled } = await images.pull(subject.image);
      expect(pulled).toBe(false);
      expect(image.tags).toContain(subject.image);
      const never = await failureOf(images.pull('offshoot-test/nope:1', { policy: 'never' }));
      expect(never).toBeInstanceOf(ImageUnavailableError);
      await expect(images.pull(subject.image, { policy: 'sometimes' as 'never' })).rejects.toThrow(
        InvalidArgumentError,
      );
    },
    'images',
  );
}
