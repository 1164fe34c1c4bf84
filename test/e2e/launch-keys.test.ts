import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject } from 'vitest';
import { label } from '../../src/launch/labels.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { eventually, type Lab, type Launched, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const busybox = 'offshoot-test/busybox:1';

// Where an engine keeps its images, and what it shows of control groups, makes no difference here.
const engines = onePer(inject('allEngines'), releaseOf);

describe.each(engines)('keys on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  /** All report the one sibling of the key, and it was started once. */
  async function expectOne(lab: Lab, launches: readonly Launched[], since: number): Promise<string> {
    for (const { exitCode, stderr } of launches) expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(new Set(launches.map(({ result }) => result.id)).size).toBe(1);
    const id = launches[0]?.result.id ?? '';
    await lab.ended(id);
    // Podman may tell of an event only a moment after what has happened.
    await eventually(async () => {
      const starts = await Promise.all(launches.map(({ self }) => lab.startsOf(self, since)));
      expect(starts.flat().map(({ Actor }) => Actor.ID)).toEqual([id]);
    });
    expect(await lab.descendants(...launches.map(({ self }) => self))).toEqual([id]);
    return id;
  }

  it('launches once, twice in a row', async ({ lab }) => {
    const since = Date.now();
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true', OFFSHOOT_KEY: lab.mark };
    const first = await lab.launch({ env });
    const second = await lab.launch({ env });
    expect([first.result.existing, second.result.existing]).toEqual([false, true]);
    expect(second.result).toMatchObject({ key: lab.mark, name: first.result.name, startsAt: null, waiter: null });
    expect(second.events.map(({ event }) => event)).toContain('existing');
    await expectOne(lab, [first, second], since);
  });

  it('launches once when the same container runs twice', async ({ lab }) => {
    const since = Date.now();
    const first = await lab.launch({ name: 'twice', env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true' } });
    const again = await lab.docker('start', '--attach', lab.nameOf('twice'));
    expect(again).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(again.stdout)).toMatchObject({ id: first.result.id, existing: true });
    await expectOne(lab, [first], since);
  });

  it('launches anew with another request, and with another key', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_KEY: lab.mark };
    const launches = [await lab.launch({ env }), await lab.launch({ env: { ...env, OFFSHOOT_KEY: `${lab.mark}-2` } })];
    expect(new Set(launches.map(({ result }) => result.id)).size).toBe(2);
  });

  it('finds the sibling of its key under another name', async ({ lab }) => {
    const since = Date.now();
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true', OFFSHOOT_KEY: lab.mark };
    const first = await lab.launch({ env: { ...env, OFFSHOOT_NAME: lab.nameOf('one') } });
    const second = await lab.launch({ env: { ...env, OFFSHOOT_NAME: lab.nameOf('two') } });
    expect({ ...second.result, events: second.events }).toMatchObject({ existing: true, name: lab.nameOf('one') });
    await expectOne(lab, [first, second], since);
  });

  it('launches once, twenty times in parallel', async ({ lab }) => {
    const since = Date.now();
    // Ends at once: a second start would run it a second time.
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true', OFFSHOOT_KEY: lab.mark };
    const launches = await Promise.all(Array.from({ length: 20 }, () => lab.launch({ env })));
    expect(launches.filter(({ result }) => !result.existing)).toHaveLength(1);
    await expectOne(lab, launches, since);
  });

  it('schedules once, five times in parallel', async ({ lab }) => {
    const since = Date.now();
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true', OFFSHOOT_KEY: lab.mark, OFFSHOOT_DELAY: '3s' };
    const launches = await Promise.all(Array.from({ length: 5 }, () => lab.launch({ env })));
    // A late one may find it started already.
    const scheduled = launches.flatMap(({ result }) => (result.waiter === null ? [] : [result]));
    expect(new Set(scheduled.map(({ waiter }) => waiter?.id)).size).toBe(1);
    expect(new Set(scheduled.map(({ startsAt }) => startsAt)).size).toBe(1);
    await lab.gone(scheduled[0]?.waiter?.id ?? '');
    await expectOne(lab, launches, since);
  });

  it('refuses a name that a foreign container has', async ({ lab }) => {
    const foreign = await lab.ok('create', '--label', lab.mark, '--name', lab.nameOf('taken'), busybox, 'true');
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_NAME: lab.nameOf('taken') };
    const { exitCode, stdout, events, self } = await lab.launch({ env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 73, stdout: '' });
    expect(events.at(-1)).toMatchObject({ code: 'ERR_NAME_TAKEN' });
    expect(events.at(-1)?.message).toContain(`the name ${lab.nameOf('taken')} belongs to another container`);
    expect(events.at(-1)?.message).toContain(foreign.slice(0, 12));
    expect(events.at(-1)?.message).toContain('OFFSHOOT_NAME');
    expect(await lab.descendants(self)).toEqual([]);
    expect((await lab.inspect(foreign)).State.Status).toBe('created');
  });

  const start = { method: 'POST', path: /^\/containers\/\w+\/start$/, at: 'request' } as const;
  it.for([
    ['it started the sibling', undefined, start],
    ['it created the waiter', '500ms', { method: 'POST', path: /^\/containers\/create$/, nth: 2, at: 'request' }],
    ['it started the waiter', '500ms', start],
  ] as const)('launches what a launch has left that was killed before %s', async ([, delay, step], { lab }) => {
    const since = Date.now();
    const held = await startFaultProxy(engine.socket);
    try {
      const env = {
        OFFSHOOT_IMAGE: busybox,
        OFFSHOOT_COMMAND: 'true',
        OFFSHOOT_KEY: lab.mark,
        ...(delay !== undefined && { OFFSHOOT_DELAY: delay }),
      };
      const { reached } = held.hold(step);
      const killed = await lab.start({ env, socket: held.socket });
      await reached;
      await lab.ok('kill', killed);
      await lab.ended(killed);
      expect(await lab.descendants(killed)).not.toEqual([]);

      const launched = await lab.launch({ env });
      expect(launched).toMatchObject({ exitCode: 0 });
      if (launched.result.waiter !== null) await lab.gone(launched.result.waiter.id);
      await expectOne(lab, [launched], since);
      expect(await lab.startsOf(killed, since)).toEqual([]);
      expect(await lab.descendants(killed)).toEqual([]);
    } finally {
      await held.close();
    }
  });

  it('leaves the start to the launch that has created it', async ({ lab }) => {
    const since = Date.now();
    const held = await startFaultProxy(engine.socket);
    try {
      const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true', OFFSHOOT_KEY: lab.mark };
      const { reached, release } = held.hold(start);
      const first = lab.launch({ env, socket: held.socket });
      await reached;
      // With a start of its own it would have ended by now, and the first one's would be another.
      const second = lab.launch({ env });
      expect(await Promise.race([second, sleep(1_000, 'waits')])).toBe('waits');
      release();
      const launches = await Promise.all([first, second]);
      expect(launches.map(({ result }) => result.existing)).toEqual([false, true]);
      await expectOne(lab, launches, since);
    } finally {
      await held.close();
    }
  });

  it('launches when the launch that it has waited for is cancelled', async ({ lab }) => {
    const since = Date.now();
    const held = await startFaultProxy(engine.socket);
    try {
      const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true', OFFSHOOT_KEY: lab.mark };
      const { reached } = held.hold(start);
      const first = await lab.start({ env, socket: held.socket });
      await reached;
      const second = lab.launch({ env });
      await lab.ok('kill', '--signal', 'TERM', first);
      expect(await lab.ended(first)).toBe(143);
      const launched = await second;
      expect(launched.result.existing).toBe(false);
      await expectOne(lab, [launched], since);
    } finally {
      await held.close();
    }
  });

  it('replaces a waiter that was left from a sibling that is gone', async ({ lab }) => {
    const since = Date.now();
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true', OFFSHOOT_KEY: lab.mark };
    const first = await lab.launch({ env: { ...env, OFFSHOOT_DELAY: '1h' } });
    await lab.ok('rm', first.result.id);
    const second = await lab.launch({ env: { ...env, OFFSHOOT_DELAY: '300ms' } });
    expect(second.result.existing).toBe(false);
    await lab.gone(second.result.waiter?.id ?? '');
    expect(await lab.containers([`${label.key}=${lab.mark}`])).toEqual([second.result.id]);
    await expectOne(lab, [second], since);
  });
});
