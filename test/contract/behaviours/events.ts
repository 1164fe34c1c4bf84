import { expect } from 'vitest';
import type { EventStream, RuntimeEvent } from '../../../src/runtime/runtime.ts';
import { failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

/** Until one of that kind. */
async function until(stream: EventStream, action: string): Promise<RuntimeEvent[]> {
  const events: RuntimeEvent[] = [];
  for await (const event of { [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator]() }) {
    events.push(event);
    if (event.action === action) break;
  }
  return events;
}

export function eventBehaviours(behaviour: Behaviour): void {
  behaviour(
    'of the containers with a label, from its call on',
    async ({ runtime, spec, name, subject }) => {
      const family = name();
      const stream = await runtime.events({ labels: { [family]: 'x' } });
      await runtime.create(spec({ labels: { [family]: 'y' } }));
      const { id } = await runtime.create(
        spec({ labels: { [family]: 'x' }, command: ['sh', '-c', 'exit 3'], networkMode: 'none' }),
      );
      await runtime.start(id);
      await runtime.wait(id);
      await runtime.remove(id);
      const told = await until(stream, 'destroy');
      expect(new Set(told.map((event) => event.id))).toEqual(new Set([id]));
      const actions = told
        .map(({ action }) => action)
        .filter((action) => ['create', 'start', 'die', 'destroy'].includes(action));
      expect(actions).toEqual(['create', 'start', 'die', 'destroy']);
      const died = told.find(({ action }) => action === 'die');
      expect(died).toMatchObject({ type: 'container', attributes: { [family]: 'x' } });
      expect(died?.name).toContain(subject.mark);
      expect(stream.dropped).toBe(0);
    },
    'events',
  );

  behaviour(
    'of the past',
    async ({ runtime, spec, name }) => {
      const family = name();
      const since = new Date(Date.now() - 1_000);
      const { id } = await runtime.create(spec({ labels: { [family]: 'x' } }));
      const stream = await runtime.events({ labels: { [family]: true }, since });
      expect(await until(stream, 'create')).toMatchObject([{ action: 'create', id }]);
    },
    'events',
  );

  behaviour(
    'no more than who is slow can take, and says how many are lost',
    async ({ runtime, spec, name }) => {
      const family = name();
      const stream = await runtime.events({ labels: { [family]: true }, bufferSize: 2 });
      for (let count = 0; count < 4; count += 1) await runtime.create(spec({ labels: { [family]: 'x' } }));
      await expect.poll(() => stream.dropped).toBe(2);
      stream.close();
    },
    'events',
  );

  behaviour(
    'none after it was cancelled, or left',
    async ({ runtime, name }) => {
      const controller = new AbortController();
      const stream = await runtime.events({ labels: { [name()]: true }, signal: controller.signal });
      const reason = new Error('enough');
      const reading = failureOf(until(stream, 'never'));
      controller.abort(reason);
      expect(await reading).toBe(reason);
    },
    'events',
  );
}
