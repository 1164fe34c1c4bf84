import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { type Engine, startEngine } from '../../tools/engines/index.ts';
import { buildImages } from '../../tools/image.ts';
import { figure } from '../support/figure.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { eventsIn, eventually, type Lab, labTest } from '../support/lab.ts';
import { importBusybox } from '../support/payload-image.ts';
import { processesOf } from '../support/processes.ts';

const busybox = 'offshoot-test/busybox:1';

// Each needs an engine of its own: the oldest and the newest of Docker's will do.
const wanted = ['docker-20.10', 'docker-28.5', 'podman-4.3'];
const kinds = inject('allEngines')
  .map(({ kind }) => kind)
  .filter((kind, _, all) => wanted.includes(kind) || all.length === 1);

describe.each(kinds)('an engine that goes away: %s', { concurrent: true }, (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(kind);
    await importBusybox(engine);
    await buildImages({ dockerHost: engine.host, pull: false, report: () => {} });
  });
  afterAll(() => engine.stop());

  const it = labTest(() => engine);
  // They share the engine.
  const oneByOne = { concurrent: false };

  /** Its launcher's run, which has ended well. */
  function launchIn(lab: Lab, delay: string) {
    const words = ['sh', '-c', 'echo ran'];
    return lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: delay }, words });
  }

  /** After it has: how long after its deadline, in milliseconds. */
  async function startedOnce(lab: Lab, { result }: Awaited<ReturnType<typeof launchIn>>): Promise<number> {
    await lab.gone(result.waiter?.id ?? '');
    expect(await lab.ended(result.id)).toBe(0);
    expect((await lab.logs(result.id)).stdout).toBe('ran');
    return Date.parse((await lab.inspect(result.id)).State.StartedAt) - Date.parse(result.startsAt ?? '');
  }

  it.for(['SIGTERM', 'SIGKILL'] as const)(
    'a waiter goes on when the engine is restarted by %s',
    oneByOne,
    async (signal, { lab }) => {
      const launched = await launchIn(lab, '4s');
      await engine.restart({ signal });
      const left = Date.parse(launched.result.startsAt ?? '') - Date.now();
      expect(await lab.exists(launched.result.id)).toBe(true);
      const late = await startedOnce(lab, launched);
      figure(`after ${signal} on ${kind}, back ${left} ms before the deadline: started ${late} ms after it`);
      expect(late).toBeGreaterThanOrEqual(0);
    },
  );

  it('a waiter goes on with its conditions when the engine is restarted', oneByOne, async ({ lab }) => {
    const folder = await lab.folder();
    const other = await lab.ok(
      'run',
      '-d',
      '--label',
      lab.mark,
      '--restart',
      'always',
      '--stop-signal',
      'KILL',
      busybox,
      'sleep',
      '1000',
    );
    const launched = await lab.launch({
      env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_WHEN: `exited:${other},file:/data/done`, OFFSHOOT_READY: 'exited:0' },
      flags: ['-v', `${folder}:/data`],
      words: ['sh', '-c', 'echo ran'],
    });
    const waiter = launched.result.waiter?.id ?? '';
    const looks = async (): Promise<number> => (await lab.logs(waiter)).stderr.split('file:/data/done does not').length;
    await eventually(async () => expect(await looks()).toBe(2));
    await engine.restart({ signal: kind === 'docker-20.10' ? 'SIGKILL' : 'SIGTERM' });
    // Once more, from the beginning: with its engine, or because it is cut off from it. What the engine starts again as
    // well has not ended for good.
    await eventually(async () => expect(await looks()).toBe(3));
    await writeFile(join(folder, 'done'), '');
    await lab.ok('stop', '-t', '0', other);
    await lab.gone(waiter);
    const { State } = await lab.inspect(launched.result.id);
    expect(State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    expect(Date.parse(State.StartedAt)).toBeGreaterThanOrEqual(Date.parse((await lab.inspect(other)).State.FinishedAt));
  });

  it('a waiter has the network where that leads to the engine, and no socket', oneByOne, async ({ lab }) => {
    await engine.forward(2375, engine.socket);
    const launched = await lab.launch({
      env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1s', DOCKER_HOST: 'tcp://127.0.0.1:2375' },
      flags: ['--network', 'host'],
      words: ['sh', '-c', 'echo ran'],
      socket: false,
    });
    expect(launched).toMatchObject({ exitCode: 0 });
    const waiter = await lab.inspect(launched.result.waiter?.id ?? '');
    expect(waiter.HostConfig.NetworkMode).toBe('host');
    expect(waiter.Mounts).toEqual([]);
    expect(waiter.Config.Env).toContain('DOCKER_HOST=tcp://127.0.0.1:2375');
    await startedOnce(lab, launched);
  });

  it('starts the sibling when the engine is back after the deadline', oneByOne, async ({ lab }) => {
    const launched = await launchIn(lab, '1500ms');
    await engine.freeze(); // nothing is started from here on
    await sleep(Date.parse(launched.result.startsAt ?? '') - Date.now() + 200);
    await engine.restart({ signal: 'SIGKILL' });
    const late = await startedOnce(lab, launched);
    figure(`engine away at the deadline on ${kind}: started ${late} ms after it`);
    expect(late).toBeGreaterThanOrEqual(200);
  });

  it('ends in time when the engine freezes in mid-launch, and says what may be left', oneByOne, async ({ lab }) => {
    const held = await startFaultProxy(engine.socket);
    try {
      const { reached, release } = held.hold({ method: 'POST', path: /\/start$/, at: 'request' });
      const self = await lab.start({ env: { OFFSHOOT_IMAGE: busybox }, socket: held.socket });
      await reached;
      const [child = ''] = await lab.descendants(self);
      const { Name } = await lab.inspect(child);
      const [launcher] = await processesOf(self);
      await engine.freeze();
      release();
      const told = performance.now();
      process.kill(launcher?.pid ?? 0, 'SIGTERM'); // `docker kill` would get no answer
      while ((await processesOf(self)).some(({ words }) => words.length > 0)) await sleep(10);
      const took = performance.now() - told;
      figure(`engine frozen on ${kind}: ended ${took.toFixed(0)} ms after SIGTERM`);
      expect(took).toBeLessThan(3_000);

      engine.thaw();
      expect(await lab.ended(self)).toBe(143);
      const left = eventsIn((await lab.logs(self)).stderr).find(({ event }) => event === 'undone');
      expect(left).toMatchObject({ level: 'error', name: Name.slice(1) });
      expect(left?.message).toContain(`${kind.split('-')[0]} rm -f ${child}`);
    } finally {
      await held.close();
      engine.thaw();
    }
  });
});
