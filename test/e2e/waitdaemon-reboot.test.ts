import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Engine, startEngine } from '../../tools/engines/index.ts';
import { buildImages } from '../../tools/image.ts';
import { figure } from '../support/figure.ts';
import { eventually, type Lab, labOn, type Launched } from '../support/lab.ts';
import { importBusybox } from '../support/payload-image.ts';

// They end the engine's whole world, so that each needs one of its own: the oldest and the newest will do.
const kinds = inject('engines')
  .map(({ kind }) => kind)
  .filter((kind, _, all) => kind === 'docker-20.10' || kind === 'docker-28.5' || all.length === 1);

describe.each(kinds)('the last action of a workflow, on %s', { concurrent: true }, (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(kind);
    await importBusybox(engine);
    await buildImages({ dockerHost: engine.host, pull: false, report: () => {} });
  });
  afterAll(() => engine.stop());

  it('reports success first, reboots the machine afterwards, and not for ever', async () => {
    const launched = await labOn(engine).launch({
      image: 'offshoot:waitdaemon',
      socket: '/var/run/docker.sock',
      env: { IMAGE: 'offshoot-test/busybox:1', WAIT_SECONDS: '1' },
      flags: ['--privileged', '--pid', 'host'],
      words: ['reboot', '-f'],
    });
    expect(launched).toMatchObject({ exitCode: 0 });
    await engine.gone;

    // Booted again. The kernel's boot is the same here, and an engine may have forgotten that it had started it.
    let reboots = 1;
    for (;;) {
      engine = await startEngine(kind, { dir: engine.dir });
      const lab = labOn(engine);
      const settled = eventually(() => expectWaiterDone(lab, launched));
      if ((await Promise.race([settled, engine.gone.then(() => 'gone')])) !== 'gone') break;
      settled.catch(() => {});
      reboots += 1;
    }
    figure(`the payload has rebooted ${kind} ${reboots} times`);
    expect(reboots).toBeLessThanOrEqual(2);
  });
});

/** It has removed itself, or says why it does not start it again. */
async function expectWaiterDone(lab: Lab, { result }: Launched): Promise<void> {
  const { id = '' } = result.waiter ?? {};
  if (!(await lab.exists(id))) return;
  expect((await lab.inspect(id)).State.Status).toBe('exited');
  expect((await lab.logs(id)).stderr).toContain('is not started again');
}
