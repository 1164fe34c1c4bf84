import { expect } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors.ts';
import { failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

export function garbageBehaviours(behaviour: Behaviour): void {
  behaviour(
    'images that nobody uses, when they are old enough',
    async ({ runtime, subject, started, spec, name }) => {
      const { images } = runtime;
      const labels = { [subject.mark]: 'garbage' };
      const id = await started({ command: ['sh', '-c', 'head -c 100000 /dev/urandom >/data'], networkMode: 'none' });
      await runtime.wait(id);
      const made = async (): Promise<string> => {
        const reference = `${subject.image.replace(/:1$/, '')}:${name()}`;
        await images.commit(id, { reference, changes: [`LABEL ${subject.mark}=garbage`, `CMD ["${reference}"]`] });
        return reference;
      };
      const [idle, used] = [await made(), await made()];
      // Never started, and known by another name: it is used all the same.
      const alias = `${used}-alias`;
      await images.tag(used, alias);
      const container = await runtime.create(spec({ image: used, command: ['true'], networkMode: 'none' }));

      expect(await images.collectGarbage({ labels })).toEqual({ removed: [], reclaimed: 0 });
      const { removed, reclaimed } = await images.collectGarbage({ labels, olderThanMs: 0 });
      expect(removed).toEqual([idle]);
      expect(reclaimed).toBeGreaterThanOrEqual(0);
      for (const reference of [used, alias])
        expect([reference, await images.exists(reference)]).toEqual([reference, true]);

      await runtime.remove(container.id);
      const rest = await images.collectGarbage({ labels, olderThanMs: 0 });
      expect(new Set(rest.removed)).toEqual(new Set([used, alias]));
      expect(rest.reclaimed).toBeGreaterThan(90_000);
      expect(await images.list({ labels })).toEqual([]);
      expect(await images.exists(subject.image)).toBe(true);
      expect(await failureOf(images.collectGarbage({ olderThanMs: -1 }))).toBeInstanceOf(InvalidArgumentError);
    },
    'garbage',
  );
}
