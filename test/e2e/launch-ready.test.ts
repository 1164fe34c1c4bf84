import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject } from 'vitest';
import type { LaunchStatus } from '../../src/launch/status.ts';
import { eventsIn, eventually, type Lab, type Launched, labTest, type LaunchRequest } from '../support/lab.ts';
import { libpodOf } from '../support/libpod.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { isPodman } from '../support/podman.ts';

const busybox = 'offshoot-test/busybox:1';
const secret = 'canary-of-self';

// The newest of Docker's and Podman.
const engines = onePer(inject('allEngines'), releaseOf).filter(
  ({ kind }, _, all) => kind !== 'docker-20.10' || all.length === 1,
);

describe.each(engines)('ready on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  function launch(
    lab: Lab,
    ready: string,
    script: string,
    { env = {}, ...request }: LaunchRequest = {},
  ): Promise<Launched> {
    return lab.launch({
      env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_READY: ready, SECRET: secret, ...env },
      words: ['sh', '-c', script],
      ...request,
    });
  }

  const healthcheck = (test: string, Retries: number): Record<string, string> => {
    const Healthcheck = { Test: ['CMD-SHELL', test], Interval: 1_000_000_000, Timeout: 5_000_000_000, Retries };
    return { OFFSHOOT_OVERRIDE: JSON.stringify({ Healthcheck }) };
  };

  it.for([
    ['started', 'exit 3', {}],
    ['running', 'sleep 1000', {}],
    ['exited:0', 'sleep 0.5', {}],
    ['exited:3', 'exit 3', {}],
    ['exited:0', 'exit 0', { OFFSHOOT_AUTO_REMOVE: '1' }],
  ] as const)('%s: "%s"', async ([ready, script, env], { lab }) => {
    const launched = await launch(lab, ready, script, { env });
    expect(launched).toMatchObject({ exitCode: 0, result: { ready, waiter: null } });
    if (ready === 'running') expect((await lab.inspect(launched.result.id)).State.Running).toBe(true);
    if ('OFFSHOOT_AUTO_REMOVE' in env) await lab.gone(launched.result.id);
  });

  it.for([
    ['running', 'echo why >&2; exit 3', 73, /ended with 3 /, 'exited', {}],
    ['running', 'echo why; sleep 0.2; exit 3', 73, / has ended /, '', { OFFSHOOT_RESTART: 'always' }],
    ['exited:0', 'echo why; exit 3', 73, /ended with 3 /, 'exited', {}],
    ['exited:3', 'echo why', 73, /ended with 0 /, 'exited', {}],
    ['exited:0', 'echo why; exit 3', 73, /ended with 3( and was removed)? /, 'gone', { OFFSHOOT_AUTO_REMOVE: '1' }],
    ['exited:0', 'echo why; sleep 1000', 75, /within 1s .*it is running/, 'running', { OFFSHOOT_READY_TIMEOUT: '1s' }],
    ['running', 'echo why; sleep 1000', 75, /within 500ms /, 'running', { OFFSHOOT_READY_TIMEOUT: '500ms' }],
  ] as const)('%s is not "%s": status %i', async ([ready, script, status, says, is, env], { lab }) => {
    const launched = await launch(lab, ready, script, { env });
    expect(launched).toMatchObject({ exitCode: status, stdout: '' });
    const told = launched.events.find(({ event }) => event === 'not-ready');
    expect(told).toMatchObject({ level: 'error', ready, message: expect.stringMatching(says) });
    expect(told?.['log']).toContain('why');
    const [, code] = / with (\d)/.exec(told?.message ?? '') ?? [];
    if (code !== undefined) expect(told?.['exitCode']).toBe(Number(code));
    expect(launched.stderr).not.toContain(secret);
    const id = String(told?.['id']);
    if (is === 'gone') return lab.gone(id);
    expect(launched.events.at(-1)?.message).toMatch(/It is kept.*: (?:docker|podman) logs /);
    if (is !== '') expect((await lab.inspect(id)).State.Status).toBe(is);
  });

  it('healthy, and not before', async ({ lab }) => {
    const env = { ...healthcheck('test -e /tmp/ok', 100), OFFSHOOT_READY_TIMEOUT: '50s' };
    const script = 'sleep 1.5; touch /tmp/ok; sleep 1000';
    const launched = await checked(lab, launch(lab, 'healthy', script, { name: 'self', env }));
    expect(launched).toMatchObject({ exitCode: 0, result: { ready: 'healthy' } });
    const { State } = await lab.inspect(launched.result.id);
    expect(Date.now() - Date.parse(State.StartedAt)).toBeGreaterThanOrEqual(1_500);
  });

  it('unhealthy', async ({ lab }) => {
    const env = healthcheck('false', 1);
    const launched = await checked(lab, launch(lab, 'healthy', 'echo why; sleep 1000', { name: 'self', env }));
    expect(launched).toMatchObject({ exitCode: 73, stdout: '' });
    const told = launched.events.find(({ event }) => event === 'not-ready');
    expect(told).toMatchObject({ message: expect.stringContaining('is unhealthy'), exitCode: null, log: ['why'] });
  });

  /** Where there is no systemd nobody else runs Podman's checks. */
  async function checked(lab: Lab, launching: Promise<Launched>): Promise<Launched> {
    if (!isPodman(engine)) return launching;
    const over = new AbortController();
    const launched = launching.finally(() => over.abort());
    while (!over.signal.aborted) {
      await sleep(200);
      const self = await lab.inspect(lab.nameOf('self')).catch(() => undefined);
      const [child] = self === undefined ? [] : await lab.descendants(self.Id);
      if (child !== undefined) await libpodOf(engine)('GET', `/containers/${child}/healthcheck`).catch(() => {});
    }
    return launched;
  }

  it('refuses to wait for the health of what is not checked, before anything is made', async ({ lab }) => {
    const launched = await launch(lab, 'healthy', 'sleep 1000');
    expect(launched).toMatchObject({ exitCode: 64, stdout: '' });
    expect(launched.events.at(-1)?.message).toContain('OFFSHOOT_READY: "healthy": the sibling has no health check');
    expect(await lab.descendants(launched.self)).toEqual([]);
  });

  it('a signal while it waits undoes the launch', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_READY: 'exited:0' };
    const self = await lab.start({ env, words: ['sleep', '1000'] });
    await eventually(async () => expect((await lab.logs(self)).stderr).toContain('"started"'));
    await lab.ok('kill', '--signal', 'SIGTERM', self);
    expect(await lab.ended(self)).toBe(143);
    expect(await lab.descendants(self)).toEqual([]);
  });

  it('misses no end of what is gone in a millisecond', async ({ lab }) => {
    const env = { OFFSHOOT_AUTO_REMOVE: '1' };
    const launches = Array.from({ length: 10 }, (_, at) =>
      launch(lab, 'exited:0', `echo ${at}; exit ${at % 2}`, { env: { ...env, OFFSHOOT_KEY: `${lab.mark}-${at}` } }),
    );
    for (const [at, { exitCode, events }] of (await Promise.all(launches)).entries()) {
      expect(exitCode).toBe(at % 2 === 0 ? 0 : 73);
      const told = events.find(({ event }) => event === 'not-ready');
      expect(told?.['log']).toEqual(at % 2 === 0 ? undefined : [String(at)]);
    }
  });

  it('is seen to by the waiter, whose outcome shows it', async ({ lab }) => {
    const folder = await lab.folder();
    const statusOf = async (name: string): Promise<LaunchStatus> =>
      JSON.parse(await readFile(join(folder, name), 'utf8')) as LaunchStatus;
    const later = (name: string, script: string): Promise<Launched> =>
      launch(lab, 'exited:0', script, {
        env: { OFFSHOOT_DELAY: '100ms', OFFSHOOT_STATUS_FILE: `/out/${name}` },
        flags: ['-v', `${folder}:/out`],
      });
    const [good, bad] = await Promise.all([later('good', 'true'), later('bad', 'echo why; exit 3')]);
    expect(bad.result).toMatchObject({ ready: null });
    await lab.gone(good.result.waiter?.id ?? '');
    expect(await statusOf('good')).toMatchObject({ state: 'ready', exitCode: 0, exitStatus: 0 });

    const waiter = bad.result.waiter?.id ?? '';
    await eventually(async () => {
      const { State, RestartCount } = await lab.inspect(waiter);
      expect({ ...State, RestartCount }).toMatchObject({ Status: 'exited', ExitCode: 73, RestartCount: 5 });
    });
    const events = eventsIn((await lab.logs(waiter)).stderr);
    expect(events.filter(({ event }) => event === 'not-ready')).toEqual([
      expect.objectContaining({ name: bad.result.name, exitCode: 3, log: ['why'] }),
    ]);
    const sibling = { id: bad.result.id, name: bad.result.name };
    expect(await statusOf('bad')).toMatchObject({ state: 'failed', sibling, exitCode: 3, exitStatus: 73 });
    expect(await lab.ended(bad.result.id)).toBe(3);
  });

  it('tells by a file of ours what has become of a launch', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_STATUS_FILE: './status.json' };
    const launched = await lab.launch({ env, flags: ['-w', '/tmp'], words: ['true'] });
    expect(launched).toMatchObject({ exitCode: 0 });
    const { spawn } = lab;
    const { stdout } = await spawn('sh', ['-c', `"${engine.docker}" cp ${launched.self}:/tmp/status.json - | tar -xO`]);
    const { id, name } = launched.result;
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'started',
      sibling: { id, name },
      exitCode: null,
      exitStatus: 0,
    });
  });
});
