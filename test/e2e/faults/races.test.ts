import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { label } from '../../../src/launch/labels.ts';
import type { LaunchResult } from '../../../src/launch/result.ts';
import { figure } from '../../support/figure.ts';
import { eventually, type Lab, labOn } from '../../support/lab.ts';
import { onePer, releaseOf } from '../../support/one-per.ts';
import { isPodman } from '../../support/podman.ts';
import { outcomeOf } from './outcome.ts';
import { busybox, type Ended, type Scene, setStage, type Stage } from './stage.ts';

const start = { method: 'POST', path: /^\/containers\/\w+\/start$/ };

/** They fill a machine of two processors, on which other tests run too. */
const timeout = 300_000;

/** The oldest one is left to the matrix of faults. */
const engines = onePer(inject('allEngines'), releaseOf).slice(-2);

describe.each(engines)('races on $kind', { timeout }, (engine) => {
  let stage: Stage;
  let lab: Lab;
  beforeAll(async () => {
    stage = await setStage(engine);
    lab = labOn(engine);
  });
  afterAll(async () => {
    await lab.cleanUp();
    await stage.cleanUp();
  });

  async function inScene<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
    const scene = await stage.scene();
    try {
      return await work(scene);
    } finally {
      await scene.cleanUp();
    }
  }

  const noting = ({ note }: Scene, more = ''): Record<string, string> => ({
    OFFSHOOT_IMAGE: busybox,
    OFFSHOOT_COMMAND: JSON.stringify(['sh', '-c', `${note}; ${more}`]),
  });

  const isNewest = engine.kind === onePer(inject('engines'), releaseOf).at(-1)?.kind;

  // On the others twenty have to do: launch-keys.test.ts.
  it.runIf(isNewest)('a key that is launched a hundred times at once makes one sibling', () =>
    inScene(async (scene) => {
      const began = performance.now();
      const launches = await Promise.all(Array.from({ length: 100 }, () => scene.run(noting(scene))));
      const ended = await Promise.all(launches.map((launch) => launch.ended));
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const count = ended.filter(({ status }) => status === 0).length;
      figure(`100 launches of one key on ${engine.kind}: ${count} ended well, in ${seconds} s`);
      // A machine that is too busy for all of them may have some say so.
      const well = ended.filter(({ status }) => status === 0);
      for (const { status, stderr } of ended) expect([0, 69, 75], stderr).toContain(status);
      const results = well.map(({ stdout }) => JSON.parse(stdout) as LaunchResult);
      expect(new Set(results.map(({ id }) => id)).size).toBe(1);
      expect(results.filter(({ existing }) => !existing)).toHaveLength(1);
      expect(await scene.settled()).toHaveLength(1);
      expect(await scene.ran()).toBe(1);
    }),
  );

  it('a sibling that ends at once and removes itself tells its status, fifty times', async () => {
    const each = async (): Promise<Ended> =>
      inScene(async (scene) => {
        const env = { ...noting(scene, 'exit 7'), OFFSHOOT_ATTACH: 'true', OFFSHOOT_AUTO_REMOVE: 'true' };
        const ended = await (await scene.run(env)).ended;
        await eventually(async () => expect(await scene.containers()).toEqual([]));
        expect(await scene.ran()).toBe(1);
        return ended;
      });
    const statuses: number[] = [];
    for (let round = 0; round < 5; round += 1)
      for (const { status, stderr } of await Promise.all(Array.from({ length: 10 }, each))) {
        expect(status, stderr).toBe(7);
        statuses.push(status);
      }
    expect(statuses).toHaveLength(50);
  });

  it('a name whose container is just being removed is waited for, ten times', async () => {
    const each = async (_: unknown, at: number): Promise<void> =>
      inScene(async (scene) => {
        const name = `${lab.mark}-going-${at}`;
        const before = await lab.ok('run', '-d', '--rm', '--network', 'none', '--name', name, busybox, 'sleep', '100');
        const [ended] = await Promise.all([
          scene.run({ ...noting(scene), OFFSHOOT_NAME: name }).then((running) => running.ended),
          lab.docker('kill', before), // Podman may miss it while it waits for the end
        ]);
        // The launch may have met it while it still ran, which is a foreign container of that name.
        const { outcome, stderr } = await outcomeOf(scene, ended);
        expect(['started', 'not started'], stderr).toContain(outcome);
        if (outcome === 'not started') expect(stderr).toContain('belongs to another container');
      });
    await Promise.all(Array.from({ length: 10 }, each));
  });

  it.each(['created', 'running', 'exited'])('a %s container that has the name is left as it is', async (state) => {
    for (const labels of [{}, { [label.role]: 'sibling', [label.key]: 'another', [label.parent]: stage.self }])
      await inScene(async (scene) => {
        const flags = Object.entries({ ...labels, [lab.mark]: '' }).flatMap(([name, value]) => [
          '--label',
          `${name}=${value}`,
        ]);
        const name = `${lab.mark}-${scene.key}`;
        const holder = await lab.ok(
          'create',
          ...flags,
          '--network',
          'none',
          '--name',
          name,
          busybox,
          'sleep',
          state === 'exited' ? '0' : '100',
        );
        if (state !== 'created') await lab.ok('start', holder);
        if (state === 'exited') await lab.ended(holder);
        const seen = await outcomeOf(scene, await (await scene.run({ ...noting(scene), OFFSHOOT_NAME: name })).ended);
        expect(seen).toMatchObject({ outcome: 'not started', status: 73, left: [] });
        expect(seen.stderr).toContain(`the name ${name} belongs to another container, ${holder.slice(0, 12)}`);
        expect((await lab.inspect(holder)).State.Status).toBe(state);
        await lab.ok('rm', '-f', holder);
      });
  });

  const host = (settings: object): string => JSON.stringify({ HostConfig: settings });
  const device = { PathOnHost: '/dev/no-such', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' };
  it.each<[what: string, status: number, env: Record<string, string>, says: RegExp]>([
    ['that is not there', 127, { OFFSHOOT_COMMAND: 'no-such-command' }, /no-such-command/],
    ['that cannot be run', 126, { OFFSHOOT_COMMAND: '/etc/passwd' }, /permission denied/],
    [
      'with a mount that is not there',
      73,
      { OFFSHOOT_OVERRIDE: host({ Mounts: [{ Type: 'bind', Source: '/no-such-folder/x', Target: '/x' }] }) },
      /no-such-folder/,
    ],
    ['with a device that is not there', 73, { OFFSHOOT_OVERRIDE: host({ Devices: [device] }) }, /no-such/],
    ['with a runtime that is not there', 73, { OFFSHOOT_OVERRIDE: host({ Runtime: 'no-such' }) }, /no-such/],
  ])('a command %s: status %i, and nothing is left', async (what, status, env, says) => {
    // By Docker's API it takes no runtime, and says nothing of it.
    if (isPodman(engine) && what.includes('runtime')) return;
    for (const more of [{}, { OFFSHOOT_AUTO_REMOVE: 'true' }, { OFFSHOOT_ATTACH: 'true' }] as Record<string, string>[])
      await inScene(async (scene) => {
        const ended = await (await scene.run({ ...noting(scene), ...more, ...env })).ended;
        const seen = await outcomeOf(scene, ended);
        // Podman tells what is wrong with a device in a way of its own.
        const statuses = isPodman(engine) ? [status, 73, 126, 127] : [status];
        expect(seen, seen.stderr).toMatchObject({ outcome: 'not started', ran: 0, left: [] });
        expect(statuses, seen.stderr).toContain(seen.status);
        expect(seen.stderr).toMatch(says);
      });
  });

  it('a waiter that is killed is made up for by the next launch of the key', () =>
    inScene(async (scene) => {
      const first = await (await scene.run({ ...noting(scene), OFFSHOOT_DELAY: '1h' })).ended;
      const { id, waiter } = JSON.parse(first.stdout) as LaunchResult;
      await lab.ok('kill', waiter?.id ?? '');
      await lab.ended(waiter?.id ?? '');
      const again = await (await scene.run(noting(scene))).ended;
      expect(await outcomeOf(scene, again)).toMatchObject({ outcome: 'started', left: [] });
      expect((JSON.parse(again.stdout) as LaunchResult).id).not.toBe(id);
    }));

  it('a launch needs no more than 48 MiB', async () => {
    const flags = ['--network', 'none', '--memory', '48m', '--memory-swap', '48m'];
    const env = { OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: 'true', OFFSHOOT_DELAY: '1s' };
    const launched = await lab.launch({ env, flags });
    expect(launched).toMatchObject({ exitCode: 0 });
    await lab.gone(launched.result.waiter?.id ?? '');
    expect(await lab.ended(launched.result.id)).toBe(0);
  });

  it('what was killed in a container is swept by the next launch in it', async () => {
    const killed = await stage.scene();
    const next = await stage.scene();
    try {
      const { reached } = killed.proxy.hold({ ...start, at: 'request' });
      const running = await killed.run({ OFFSHOOT_IMAGE: busybox });
      await reached;
      await running.signal('SIGKILL');
      await running.ended;
      expect(await killed.containers()).toHaveLength(1);
      const { status, stderr } = await (await next.run({ OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true' })).ended;
      expect({ status, stderr }).toMatchObject({
        status: 0,
        stderr: expect.stringContaining('which a launch has left'),
      });
      expect(await killed.containers()).toEqual([]);
    } finally {
      await killed.cleanUp();
      await next.cleanUp();
    }
  });
});
