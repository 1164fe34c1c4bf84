import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isProcessOver, processMark } from '../../../src/launch/own-process.ts';

const [boot, namespace, pid, began] = processMark().split(':');

it('a process that runs is not over', () => {
  expect([boot, namespace, pid, began]).toEqual([
    expect.stringMatching(/^[0-9a-f-]{36}$/),
    expect.stringMatching(/^\d+$/),
    String(process.pid),
    expect.stringMatching(/^\d+$/),
  ]);
  expect(isProcessOver(processMark())).toBe(false);
});

it('one that has ended is over, also when another one has its number', async () => {
  const child = spawn('true');
  await once(child, 'close');
  expect(isProcessOver([boot, namespace, child.pid, began].join(':'))).toBe(true);
  expect(isProcessOver([boot, namespace, pid, Number(began) - 1].join(':'))).toBe(true);
});

it.each([
  ['of another container', [boot, '1', '1', '1']],
  ['of another boot', ['b7ca64b6-0000-4000-8000-000000000000', namespace, '1', '1']],
  ['that says nothing', ['']],
])('of a mark %s nothing is known', (_, parts) => {
  expect(isProcessOver(parts.join(':'))).toBe(false);
});

it('where there is no mark nothing is known', () => {
  expect(isProcessOver(undefined)).toBe(false);
});
