import { expect, it } from 'vitest';
import {
  afterEvent,
  inferencesOf,
  inferEvents,
  isInferred,
  type KnownContainer,
} from '../../../src/runtime/inferred-events.ts';

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

/** What of these, told late and in this order, a consumer gets beside what was inferred. */
function passedOn(
  before: Partial<KnownContainer> | undefined,
  now: Partial<KnownContainer> | undefined,
  late: readonly (readonly [second: number, action: string])[],
): string[] {
  const known = (one: Partial<KnownContainer> | undefined): Map<string, KnownContainer> =>
    new Map(one === undefined ? [] : [['a', { ...base, ...one }]]);
  const seen = known(now);
  const inferences = inferencesOf(inferEvents(known(before), seen, at), seen);
  return late.flatMap(([second, action]) => {
    const event = { at: new Date(at.getTime() + second * 1000), type: 'container', action, id: 'a' };
    return isInferred({ ...event, name: 'web', attributes: {} }, inferences) ? [] : [action];
  });
}

const start = (second: number): Partial<KnownContainer> => ({
  startedAt: new Date(at.getTime() + second * 1000).toISOString(),
});

it('what was inferred is not told once more, and what comes after it is', () => {
  const dead = { ...exited, ...start(0) };
  expect(passedOn(start(0), dead, [[5, 'die']])).toEqual([]);
  expect(
    passedOn(start(0), dead, [
      [5, 'kill'],
      [5, 'die'],
      [6, 'start'],
      [7, 'die'],
    ]),
  ).toEqual(['kill', 'start', 'die']);
  // The engine has forgotten the end that was inferred.
  expect(
    passedOn(start(0), dead, [
      [6, 'start'],
      [7, 'die'],
    ]),
  ).toEqual(['start', 'die']);
  expect(
    passedOn(created, { ...exited, ...start(5) }, [
      [5.1, 'start'],
      [5.2, 'die'],
      [9, 'start'],
    ]),
  ).toEqual(['start']);
  expect(
    passedOn(start(0), start(5), [
      [4, 'die'],
      [5.1, 'start'],
      [9, 'die'],
    ]),
  ).toEqual(['die']);
  expect(passedOn(start(0), start(5), [[9, 'die']])).toEqual(['die']);
  expect(
    passedOn(start(0), undefined, [
      [5, 'die'],
      [6, 'destroy'],
    ]),
  ).toEqual([]);
});
