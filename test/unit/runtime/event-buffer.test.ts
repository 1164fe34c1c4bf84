import { expect, it } from 'vitest';
import { eventBuffer } from '../../../src/runtime/event-buffer.ts';
import { tellSlowly } from '../../../src/runtime/listen.ts';
import type { RuntimeEvent } from '../../../src/runtime/runtime.ts';

const event = (id: string): RuntimeEvent => ({
  at: new Date(0),
  type: 'container',
  action: 'start',
  id,
  name: id,
  attributes: {},
});

it('keeps as many events as it may, counts the others, and ends', async () => {
  let closed = 0;
  const { push, end, stream } = eventBuffer(3, () => (closed += 1));
  for (const id of ['a', 'b', 'c', 'd', 'e']) push(event(id));
  end();
  const ids: string[] = [];
  for await (const { id } of stream) ids.push(id);
  expect([ids, stream.dropped, closed]).toEqual([['a', 'b', 'c'], 2, 1]);
});

it('wakes who waits, and is closed by who leaves', async () => {
  let closed = 0;
  const { push, stream } = eventBuffer(3, () => (closed += 1));
  setTimeout(() => push(event('late')), 10);
  for await (const { id } of stream) {
    expect(id).toBe('late');
    break;
  }
  expect(closed).toBe(1);
});

it('ends with the failure, after what came before it', async () => {
  const { push, end, stream } = eventBuffer(3, () => {});
  push(event('a'));
  end(new Error('broken'));
  const events = stream[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({ id: 'a' });
  await expect(events.next()).rejects.toThrow('broken');
});

it('a slow listener gets one event at a time, and the number of those it missed', async () => {
  const got: number[] = [];
  let release = (): void => {};
  const told = tellSlowly<{ n: number }>(async ({ n, dropped }) => {
    if (n === 0) await new Promise<void>((resolve) => (release = resolve));
    got.push(n, dropped);
  });
  for (let n = 0; n < 200; n += 1) told.tell({ n });
  expect(told.dropped).toBe(71);
  release();
  await told.finish();
  expect(got.length).toBe(129 * 2);
  expect(got.slice(0, 4)).toEqual([0, 0, 1, 71]);
});
