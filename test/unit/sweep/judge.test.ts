import { describe, expect, it } from 'vitest';
import { bootId } from '../../../src/launch/clock.ts';
import { label } from '../../../src/launch/labels.ts';
import { processMark } from '../../../src/launch/own-process.ts';
import type { ContainerRecord } from '../../../src/runtime/container.ts';
import { judge } from '../../../src/sweep/judge.ts';
import { type FakeContainer, recordOf } from '../../support/fake-containers.ts';

const minute = 60_000;
const began = Date.parse('2026-01-01T12:00:00Z');
const marks = { [label.key]: 'k', [label.parent]: 'parent', [label.attempt]: 'a' };

interface Fake extends FakeContainer {
  readonly ageMs?: number;
  readonly exitCode?: number;
}

function made({ ageMs = 60 * minute, exitCode = 0, ...fake }: Fake): ContainerRecord {
  const record = recordOf(fake);
  const createdAt = Number.isNaN(ageMs) ? undefined : new Date(began - ageMs).toISOString();
  return { ...record, createdAt, state: { ...record.state, exitCode } };
}

const sibling = (more: Partial<Fake> = {}): Fake => ({
  id: 'sibling',
  status: 'created',
  ...more,
  labels: { ...marks, [label.role]: 'sibling', ...more.labels },
});
const waiter = (more: Partial<Fake> = {}): Fake => ({
  id: 'waiter',
  status: 'exited',
  ...more,
  labels: { ...marks, [label.role]: 'waiter', [label.sibling]: 'sibling', [label.bootId]: bootId(), ...more.labels },
});
const parent = { id: 'parent' } as const;
const [boot, namespace] = processMark().split(':');
const deadLauncher = { [label.launcher]: [boot, namespace, '1', '0'].join(':') };
const liveLauncher = { [label.launcher]: processMark() };

/** The judgement of the first of them, in sight of the others. */
function judged(fakes: readonly Fake[]): { remove: boolean; reason: string } {
  const records = fakes.map(made);
  const byId = new Map(records.map((record) => [record.id, record]));
  return judge(records[0]!, { began, olderThanMs: 10 * minute, byId, bootId: bootId(), commandLine: 'docker' });
}

describe('of what was left behind is removed', () => {
  it.each<[string, readonly Fake[], string]>([
    ['a sibling whose launcher’s container is gone', [sibling()], 'never ran'],
    ['… or has ended', [sibling(), { ...parent, status: 'exited' }], 'never ran'],
    ['… or runs, without that launcher', [sibling({ labels: deadLauncher }), parent], 'never ran'],
    // The parent's start is in 2026-01-01T00:00:00Z.
    ['… or was started again since', [sibling({ ageMs: 24 * 60 * minute }), parent], 'never ran'],
    ['… or whose waiter has failed', [sibling(), waiter({ exitCode: 1 })], 'never ran'],
    ['a waiter without a sibling', [waiter()], 'gone'],
    ['… also one that has failed', [waiter({ exitCode: 1 })], 'gone'],
    ['a waiter of another boot', [waiter({ labels: { [label.bootId]: 'x' } }), sibling()], 'another boot'],
    ['a waiter that has done its duty', [waiter(), sibling({ status: 'exited' })], 'duty'],
    ['a waiter that was never started', [waiter({ status: 'created' }), sibling()], 'killed'],
  ])('%s', (_, fakes, reason) => {
    expect(judged(fakes)).toEqual({ remove: true, reason: expect.stringContaining(reason) });
  });
});

describe('is left', () => {
  it.each<[string, readonly Fake[], string]>([
    ['what runs', [sibling({ status: 'running' })], 'runs'],
    ['what is about to run again', [sibling({ status: 'restarting' })], 'runs'],
    ['what has run', [sibling({ status: 'exited' })], 'has run'],
    ['what is being removed', [sibling({ status: 'removing', everStarted: false })], 'is removing'],
    ['what a waiter will start', [sibling(), waiter({ status: 'running' })], 'waiter will start it'],
    ['… also one of another boot', [sibling(), waiter({ status: 'running', labels: { [label.bootId]: 'x' } })], 'will'],
    ['what a launch may still start', [sibling({ labels: liveLauncher }), parent], 'may start it'],
    ['… also one in a place that cannot be seen', [sibling(), parent], 'may start it'],
    ['what is young', [sibling({ ageMs: 9 * minute })], 'younger than 10m'],
    ['what came after the sweep began', [sibling({ ageMs: -1 })], 'after the sweep'],
    ['what nobody knows the age of', [sibling({ ageMs: Number.NaN })], 'does not tell'],
    ['what only looks like ours', [sibling({ labels: { [label.attempt]: '' } })], 'not made it'],
    ['… also as a waiter', [waiter({ labels: { [label.parent]: '' } })], 'not made it'],
    ['a waiter that runs', [waiter({ status: 'running' })], 'runs'],
    ['a waiter that has failed', [waiter({ exitCode: 1 }), sibling()], 'docker logs waiter'],
    ['a waiter that will be started', [waiter({ status: 'created' }), sibling(), parent], 'may start it'],
  ])('%s', (_, fakes, reason) => {
    expect(judged(fakes)).toEqual({ remove: false, reason: expect.stringContaining(reason) });
  });
});
