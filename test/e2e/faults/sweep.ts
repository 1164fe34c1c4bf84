import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../../tools/engines/index.ts';
import { label } from '../../../src/launch/labels.ts';
import type { LaunchResult } from '../../../src/launch/result.ts';
import type { SweepResult } from '../../../src/sweep/sweep.ts';
import { labOn, type Lab } from '../../support/lab.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { busybox, type Scene, setStage, type Stage } from './stage.ts';

const start = { method: 'POST', path: /^\/containers\/\w+\/start$/ };

/** It sweeps what other tests have left as well: it needs an engine of its own. */
export function sweepTests(engine: () => Engine): void {
  let stage: Stage;
  let lab: Lab;
  beforeAll(async () => {
    stage = await setStage(engine());
    lab = labOn(engine());
  });
  afterAll(async () => {
    await lab.cleanUp();
    await stage.cleanUp();
  });

  async function swept(scene: Scene, ...flags: string[]): Promise<SweepResult> {
    const { status, stdout, stderr } = await (await scene.run({}, 'sweep', '--json', ...flags)).ended;
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return JSON.parse(stdout) as SweepResult;
  }

  /** What a launch has left whose container was killed while it held the request to start it, and is gone. */
  async function orphan(): Promise<Readonly<Record<string, string>>> {
    const proxy = await startFaultProxy(engine().socket);
    try {
      const { reached } = proxy.hold({ ...start, at: 'request' });
      const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_NAME: `${lab.mark}-orphan` };
      const launcher = await lab.start({ env, socket: proxy.socket, flags: ['--network', 'none'] });
      await reached;
      await lab.ok('rm', '-f', launcher);
      const { Config } = await lab.inspect(`${lab.mark}-orphan`);
      return Config.Labels;
    } finally {
      await proxy.close();
    }
  }

  async function create(name: string, labels: Readonly<Record<string, string>>, ...more: string[]): Promise<string> {
    const flags = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    return lab.ok(
      ...(more[0] === undefined ? ['create'] : ['run', '-d']),
      ...flags,
      '--network',
      'none',
      '--name',
      `${lab.mark}-${name}`,
      busybox,
      ...more,
    );
  }

  it('removes the orphans, and nothing that runs, has run, may start or is not ours', async () => {
    const scene = await stage.scene();
    const other = await stage.scene();
    try {
      const labels = { ...(await orphan()), [lab.mark]: '' };
      for (let at = 1; at < 20; at += 1) await create(`orphan-${at}`, { ...labels, [label.key]: `${lab.mark}-${at}` });
      await create('running', labels, 'sleep', '1000');
      await lab.ended(await create('ended', labels, 'true'));
      await create('look-alike', { [lab.mark]: '', [label.role]: 'sibling' });
      await create('other-role', { ...labels, [label.role]: 'siblings' });
      const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true' };
      const scheduled = await (await other.run({ ...env, OFFSHOOT_DELAY: '1h' })).ended;
      const { name, waiter } = JSON.parse(scheduled.stdout) as LaunchResult;
      // One that is under way: created, and about to be started.
      const { reached, release } = scene.proxy.hold({ ...start, at: 'request' });
      const underWay = await scene.run(env);
      await reached;
      const [held] = await scene.containers();
      await sleep(ageMs + 1_000); // an engine tells its clock in whole seconds

      const orphans = Array.from({ length: 20 }, (_, at) => `${lab.mark}-orphan${at === 0 ? '' : `-${at}`}`);
      const age = `${ageMs / 1000}s`;
      const planned = await swept(scene, '--older-than', age, '--dry-run');
      expect(planned.removed.map((one) => one.name)).toEqual(expect.arrayContaining(orphans));
      expect(planned.removed).toHaveLength(20);
      for (const orphaned of orphans) expect(await lab.exists((await lab.inspect(orphaned)).Id)).toBe(true);

      await create('fresh', labels);
      await sleep(1_100);
      const done = await swept(scene, '--older-than', age);
      expect(done.removed.map((one) => one.name).toSorted()).toEqual(orphans.toSorted());
      const reasons = Object.fromEntries(done.left.map((one) => [one.name, one.reason]));
      expect(reasons).toEqual({
        [`${lab.mark}-running`]: 'it runs',
        [`${lab.mark}-ended`]: 'it has run',
        [`${lab.mark}-look-alike`]: `offshoot has not made it: it has no label ${label.key}`,
        [`${lab.mark}-fresh`]: `it is younger than ${age}`,
        [name]: `${waiter?.name} will start it`,
        [waiter?.name ?? '']: 'it runs',
        [held?.Names[0]?.slice(1) ?? '']: 'the container that has made it runs, and may start it',
      });
      for (const one of [...Object.keys(reasons), `${lab.mark}-other-role`]) await lab.inspect(one);

      release();
      expect(await underWay.ended).toMatchObject({ status: 0 });
      const again = await swept(scene, '--older-than', '0');
      expect(again.removed.map((one) => one.name)).toEqual([`${lab.mark}-fresh`]);
    } finally {
      await scene.cleanUp();
      await other.cleanUp();
    }
  });
}

/** Longer than a busy machine takes from creating the fresh one to the sweep. */
const ageMs = 6_000;
