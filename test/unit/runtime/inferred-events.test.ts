import { expect, it } from 'vitest';
import { afterEvent, inferEvents, type KnownContainer } from '../../../src/runtime/inferred-events.ts';

const at = new Date('2026-01-01T00:00:00Z');
const base: KnownContainer = {
  id: 'a',
  name: 'web',
  labels: { app: 'x' },
  status: 'running',
  startedAt: '1',
  exitCode: undefined,
};

function inferred(before: Partial<KnownContainer> | undefined, now: Partial<KnownContainer> | undefined): string[] {
  const known = (one: Partial<KnownContainer> | undefined): Map<string, KnownContainer> =>
    new Map(one === undefined ? [] : [['a', { ...base, ...one }]]);
  return inferEvents(known(before), known(now), at).map(({ action }) => action);
}

const created = { status: 'created', startedAt: undefined };
const exited = { status: 'exited', exitCode: 3 };

it.each<
  [
    what: string,
    before: Partial<KnownContainer> | undefined,
    now: Partial<KnownContainer> | undefined,
    actions: string[],
  ]
>([
  ['nothing', {}, {}, []],
  ['it was created', undefined, created, ['create']],
  ['it was created and started', undefined, {}, ['create', 'start']],
  ['it came and went', undefined, exited, ['create', 'start', 'die']],
  ['it was started', created, {}, ['start']],
  ['it was started and has ended', created, exited, ['start', 'die']],
  ['it has ended', {}, exited, ['die']],
  ['it was started again', {}, { startedAt: '2' }, ['die', 'start']],
  ['it was started again and has ended', {}, { ...exited, startedAt: '2' }, ['die', 'start', 'die']],
  ['it runs again', exited, { startedAt: '2' }, ['start']],
  ['it was paused', {}, { status: 'paused' }, ['pause']],
  ['it goes on', { status: 'paused' }, {}, ['unpause']],
  ['it was removed while it ran', {}, undefined, ['die', 'destroy']],
  ['it was removed', exited, undefined, ['destroy']],
])('%s', (_, before, now, actions) => {
  expect(inferred(before, now)).toEqual(actions);
});

it('says that it is inferred, and how a process has ended', () => {
  const [event] = inferEvents(new Map([['a', base]]), new Map([['a', { ...base, ...exited }]]), at);
  const attributes = { app: 'x', name: 'web', exitCode: '3' };
  expect(event).toEqual({ at, type: 'container', action: 'die', id: 'a', name: 'web', attributes, inferred: true });
});

it('what was told needs not be inferred', () => {
  const known = new Map([['a', base]]);
  const told = { at, type: 'container', id: 'a', name: 'web', attributes: {} };
  afterEvent(known, { ...told, action: 'die' });
  expect(inferEvents(known, new Map([['a', { ...base, ...exited }]]), at)).toEqual([]);
  afterEvent(known, { ...told, action: 'destroy' });
  expect(known.size).toBe(0);
});
