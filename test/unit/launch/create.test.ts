import { describe, expect, it } from 'vitest';
import { NameTakenError } from '../../../src/errors.ts';
import { bootId } from '../../../src/launch/clock.ts';
import { makeSibling, makeWaiter } from '../../../src/launch/create.ts';
import { fateOf } from '../../../src/launch/fate.ts';
import { label } from '../../../src/launch/labels.ts';
import { openLedger } from '../../../src/launch/ledger.ts';
import { processMark } from '../../../src/launch/own-process.ts';
import { type FakeContainer, type FakeContainers, fakeContainers, listener } from '../../support/fake-containers.ts';

const signal = new AbortController().signal;
const labels = { [label.role]: 'sibling', [label.key]: 'k', [label.parent]: 'creator' };
const spec = { name: 'app', image: 'image:1', labels };
const sibling = { id: 'sibling', name: 'app', labels } as const;
const creator = { id: 'creator' } as const;
const waiterLabels = {
  [label.role]: 'waiter',
  [label.key]: 'k',
  [label.sibling]: 'sibling',
  [label.bootId]: bootId(),
};
const waiter = { id: 'waiter', name: 'app-waiter', labels: waiterLabels } as const;

function tools(runtime: FakeContainers) {
  const { report } = listener();
  return { runtime, ledger: openLedger(runtime, report), options: { signal, report } };
}

describe('a sibling that another launch has created', () => {
  it.each<[string, FakeContainer[], string]>([
    ['runs', [creator, sibling], 'started'],
    ['has ended', [creator, { ...sibling, status: 'exited' }], 'started'],
    ['has a waiter', [{ ...sibling, status: 'created' }, waiter], 'scheduled'],
    [
      'has a waiter that is tried again',
      [
        { ...sibling, status: 'created' },
        { ...waiter, status: 'restarting' },
      ],
      'scheduled',
    ],
    ['has been removed', [creator], 'gone'],
    ['has no creator any more', [{ ...sibling, status: 'created' }], 'abandoned'],
    [
      'has a creator that has ended',
      [
        { ...creator, status: 'exited' },
        { ...sibling, status: 'created' },
      ],
      'abandoned',
    ],
    [
      'has a waiter that has failed',
      [
        { ...sibling, status: 'created' },
        { ...waiter, status: 'exited' },
      ],
      'abandoned',
    ],
    [
      'has a waiter that was not started',
      [
        { ...sibling, status: 'created' },
        { ...waiter, status: 'created' },
      ],
      'abandoned',
    ],
    [
      'has a waiter of another boot',
      [
        { ...sibling, status: 'created' },
        { ...waiter, labels: { ...waiterLabels, [label.bootId]: 'x' } },
      ],
      'abandoned',
    ],
    [
      "has another sibling's waiter",
      [
        { ...sibling, status: 'created' },
        { ...waiter, labels: { ...waiterLabels, [label.sibling]: 'x' } },
      ],
      'abandoned',
    ],
  ])('%s', async (_, containers, fate) => {
    const runtime = fakeContainers(...containers);
    const record = fakeContainers(sibling).containers.get('sibling');
    expect(await fateOf(record!, runtime, signal)).toMatchObject({ is: fate });
  });

  it('is waited for as long as its creator runs, and then some time', async () => {
    const runtime = fakeContainers(creator, { ...sibling, status: 'created' });
    const record = runtime.containers.get('sibling')!;
    expect(await fateOf(record, runtime, signal, 200)).toEqual({ is: 'abandoned' });
    const fate = fateOf(record, runtime, signal);
    setTimeout(() => runtime.add(sibling), 100);
    expect(await fate).toMatchObject({ is: 'started' });
  });
});

it('a sibling whose launching process is no more is abandoned, also while its container runs', async () => {
  const [boot, namespace] = processMark().split(':');
  const killed = { ...labels, [label.launcher]: [boot, namespace, '1', '0'].join(':') };
  const runtime = fakeContainers(creator, { ...sibling, status: 'created', labels: killed });
  expect(await fateOf(runtime.containers.get('sibling')!, runtime, signal)).toEqual({ is: 'abandoned' });
});

it('a sibling whose launcher stays and waits itself is no earlier abandoned than its deadline', async () => {
  const startsAt = new Date(Date.now() + 300).toISOString();
  const waited = { ...sibling, status: 'created' as const, labels: { ...labels, [label.startsAt]: startsAt } };
  const runtime = fakeContainers(creator, waited);
  const fate = fateOf(runtime.containers.get('sibling')!, runtime, signal, 50);
  setTimeout(() => runtime.add(sibling), 200);
  expect(await fate).toMatchObject({ is: 'started' });
});

describe('the sibling of a key', () => {
  it('is created where there is none', async () => {
    const runtime = fakeContainers();
    expect(await makeSibling(spec, false, tools(runtime))).toMatchObject({ by: 'us' });
    expect(runtime.calls).toEqual(['create app']);
  });

  it('is adopted where another launch has started it', async () => {
    const runtime = fakeContainers(sibling);
    expect(await makeSibling(spec, false, tools(runtime))).toMatchObject({ by: 'another', is: 'started' });
  });

  it('is found by its key, under another name', async () => {
    const runtime = fakeContainers({ ...sibling, name: 'other' });
    expect(await makeSibling(spec, true, tools(runtime))).toMatchObject({ by: 'another', sibling: { name: 'other' } });
    expect(await makeSibling(spec, false, tools(runtime))).toMatchObject({ by: 'us' });
  });

  it('is made again where its launch was killed, and its waiter goes too', async () => {
    const runtime = fakeContainers({ ...sibling, status: 'created' }, { ...waiter, status: 'created' });
    expect(await makeSibling(spec, false, tools(runtime))).toMatchObject({ by: 'us' });
    expect(runtime.calls).toEqual(['create app', 'remove sibling', 'remove waiter', 'create app']);
  });

  it.each<[string, Record<string, string>]>([
    ['of nobody', {}],
    ['of another key', { ...labels, [label.key]: 'other' }],
    ['that is a waiter', { ...labels, [label.role]: 'waiter' }],
  ])('is not created where a container %s has its name', async (_, foreign) => {
    const runtime = fakeContainers({ ...sibling, labels: foreign });
    const made = makeSibling(spec, false, tools(runtime));
    await expect(made).rejects.toThrow(NameTakenError);
    await expect(made).rejects.toThrow('the name app belongs to another container');
    expect([...runtime.containers.keys()]).toEqual(['sibling']);
  });

  it('is created when the name becomes free', async () => {
    const runtime = fakeContainers({ ...sibling, labels: {}, status: 'removing' });
    setTimeout(() => runtime.containers.clear(), 150);
    expect(await makeSibling(spec, false, tools(runtime))).toMatchObject({ by: 'us' });
  });
});

it('a waiter takes the place of one whose sibling is gone', async () => {
  const runtime = fakeContainers(waiter);
  await makeWaiter({ ...spec, name: 'app-waiter', labels: waiterLabels }, tools(runtime));
  expect(runtime.calls).toEqual(['create app-waiter', 'remove waiter', 'create app-waiter']);
});
