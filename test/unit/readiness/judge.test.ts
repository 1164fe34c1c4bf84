import { expect, it } from 'vitest';
import { parseReadiness } from '../../../src/plan/readiness.ts';
import { judge, type Seen } from '../../../src/readiness/judge.ts';
import type { ContainerState } from '../../../src/runtime/container.ts';

const startedAt = '2026-01-01T00:00:00Z';
const state = (more: Partial<ContainerState>): ContainerState => ({
  ...{ status: 'running', running: true, pid: 1, exitCode: 0, startedAt },
  ...more,
});
const running = state({});
const ended = (exitCode: number): ContainerState => state({ status: 'exited', running: false, exitCode });
const restarting = state({ status: 'restarting', running: true, exitCode: 1 });
const again = state({ startedAt: '2026-01-01T00:00:01Z' });
const created = state({ status: 'created', running: false, startedAt: undefined });
const removing = state({ status: 'removing', running: false });
const health = (is: string): ContainerState => state({ health: is });

it.each<[ready: string, title: string, seen: Partial<Seen>, is: string, why?: string, exitCode?: number]>([
  ['started', 'whatever it does', { state: undefined }, 'ready'],
  ['running', 'too early', { state: running, ranForMs: 1_999 }, 'undecided'],
  ['running', 'long enough', { state: running, ranForMs: 2_000 }, 'ready'],
  ['running', 'paused', { state: state({ status: 'paused' }), ranForMs: 2_000 }, 'ready'],
  ['running', 'ended', { state: ended(3) }, 'failed', 'has ended with 3', 3],
  ['running', 'ended well', { state: ended(0) }, 'failed', 'has ended with 0', 0],
  ['running', 'gone', { state: undefined, exitCode: 3 }, 'failed', 'has ended with 3 and was removed', 3],
  ['running', 'gone, untold', { state: undefined }, 'failed', 'has ended and was removed'],
  ['running', 'restarting', { state: restarting, ranForMs: 9_000 }, 'failed', 'and is started again'],
  ['running', 'waiting for its restart', { state: { ...restarting, running: false } }, 'failed', 'with 1 and is', 1],
  ['running', 'started again', { state: again, ranForMs: 9_000 }, 'failed', 'and is started again'],
  ['running', 'not told as started yet', { state: created, ranForMs: 9_000 }, 'undecided'],
  ['exited:0', 'running', { state: running, ranForMs: 1e9 }, 'undecided'],
  ['exited:0', 'ended well', { state: ended(0) }, 'ready'],
  ['exited:0', 'ended otherwise', { state: ended(3) }, 'failed', 'has ended with 3', 3],
  ['exited:3', 'as asked for', { state: ended(3) }, 'ready'],
  ['exited:3', 'ended well', { state: ended(0) }, 'failed', 'has ended with 0', 0],
  ['exited:0', 'restarting', { state: restarting }, 'undecided'],
  ['exited:0', 'being removed', { state: removing }, 'undecided'],
  ['exited:0', 'gone, which was told', { state: undefined, exitCode: 0 }, 'ready'],
  ['exited:0', 'gone, which was told otherwise', { state: undefined, exitCode: 1 }, 'failed', 'has ended with 1', 1],
  ['exited:0', 'gone, untold', { state: undefined }, 'failed', 'nobody tells with what'],
  ['healthy', 'starting', { state: health('starting'), ranForMs: 1e9 }, 'undecided'],
  ['healthy', 'not told yet', { state: running }, 'undecided'],
  ['healthy', 'healthy', { state: health('healthy') }, 'ready'],
  ['healthy', 'unhealthy', { state: health('unhealthy') }, 'failed', 'is unhealthy'],
  ['healthy', 'ended', { state: ended(3) }, 'failed', 'has ended with 3', 3],
  ['healthy', 'restarting', { state: restarting }, 'undecided'],
  ['healthy', 'gone', { state: undefined }, 'failed', 'has ended and was removed'],
])('%s: %s', (ready, _, seen, is, why, exitCode) => {
  const known: Seen = { state: undefined, firstStart: startedAt, ranForMs: 0, exitCode: undefined, ...seen };
  const verdict = judge(parseReadiness(ready), known);
  expect(verdict).toMatchObject({ is, ...(why !== undefined && { why: expect.stringContaining(why), exitCode }) });
});
