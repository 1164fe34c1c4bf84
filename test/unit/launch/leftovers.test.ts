import { expect, it } from 'vitest';
import { EngineRefusedError } from '../../../src/errors.ts';
import { bootId } from '../../../src/launch/clock.ts';
import { label } from '../../../src/launch/labels.ts';
import { clearLeftovers } from '../../../src/launch/leftovers.ts';
import { processMark } from '../../../src/launch/own-process.ts';
import { type FakeContainer, fakeContainers, listener, recordOf } from '../../support/fake-containers.ts';
import { never } from '../../support/runtime.ts';

const [boot, namespace] = processMark().split(':');
const dead = [boot, namespace, '1', '0'].join(':');
const self = recordOf({ id: 'self' });

function left(id: string, launcher: string, more: Partial<FakeContainer> = {}): FakeContainer {
  const labels = { [label.parent]: 'self', [label.launcher]: launcher };
  return { id, status: 'created', ...more, labels: { ...labels, ...more.labels } };
}

it('removes what was created by launches of this container that are no more, and nothing else', async () => {
  const runtime = fakeContainers(
    left('killed', dead),
    left('its-waiter', dead, { status: 'exited', labels: { [label.sibling]: 'killed' } }),
    left('under-way', processMark()),
    left('elsewhere', [boot, '1', '1', '1'].join(':')),
    left('awaited', dead),
    left('waiter', dead, { status: 'running', labels: { [label.sibling]: 'awaited' } }),
    left('ended', dead, { status: 'exited' }),
    left('other', dead, { labels: { [label.parent]: 'another' } }),
  );
  const { report, messages } = listener();
  await clearLeftovers(self, runtime, { signal: never, report });
  expect(runtime.calls).toEqual(['remove killed', 'remove its-waiter']);
  expect(messages[0]).toBe('removed killed, which a launch has left here that was killed');
});

it('leaves what has been given a waiter since it was listed, or whose waiter may be started again', async () => {
  const runtime = fakeContainers(
    left('scheduled', dead),
    left('failing', dead),
    left('its-waiter', dead, { status: 'exited', labels: { [label.sibling]: 'failing', [label.bootId]: bootId() } }),
  );
  const { list } = runtime;
  runtime.list = async (options) => {
    const found = await list(options);
    // Its launch goes on between the engine's answer and our reading of it, and ends.
    runtime.add(left('new-waiter', dead, { status: 'running', labels: { [label.sibling]: 'scheduled' } }));
    return found;
  };
  await clearLeftovers(self, runtime, { signal: never, report: () => {} });
  expect(runtime.calls).toEqual([]);
});

it('is in the way of no launch', async () => {
  const runtime = fakeContainers(left('killed', dead));
  runtime.before = () => {
    throw new EngineRefusedError('no');
  };
  const { report, messages } = listener();
  await clearLeftovers(self, runtime, { signal: never, report });
  await clearLeftovers(self, runtime, { signal: AbortSignal.abort(new Error('over')), report });
  expect(messages).toEqual(['leftovers of earlier launches were not looked for: no']);
});
