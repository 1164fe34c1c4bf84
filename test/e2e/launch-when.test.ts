import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject } from 'vitest';
import { label } from '../../src/launch/labels.ts';
import type { LaunchStatus } from '../../src/launch/status.ts';
import { eventsIn, eventually, type Lab, type Launched, labTest, type LaunchRequest } from '../support/lab.ts';
import { libpodOf } from '../support/libpod.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { isPodman } from '../support/podman.ts';

const busybox = 'offshoot-test/busybox:1';

// The oldest of Docker's and Podman.
const engines = onePer(inject('allEngines'), releaseOf).filter(
  ({ kind }, _, all) => !kind.startsWith('docker-28') || all.length === 1,
);

describe.each(engines)('launch when, on $kind', { concurrent: true, timeout: 120_000 }, (engine) => {
  const it = labTest(engine);

  const launchWhen = (lab: Lab, when: string, { env = {}, ...request }: LaunchRequest = {}): Promise<Launched> =>
    lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_WHEN: when, ...env }, words: ['true'], ...request });

  /** Its waiter has looked, and the sibling has not been started. */
  async function waits(lab: Lab, { result }: Launched, condition = result.when[0] ?? ''): Promise<void> {
    await eventually(async () => {
      const { stderr } = await lab.logs(result.waiter?.id ?? '');
      expect(stderr).toContain(`${condition} does not hold`);
    });
    expect((await lab.inspect(result.id)).State.StartedAt).toMatch(/^0001-/);
  }

  async function startedAt(lab: Lab, { result }: Launched): Promise<number> {
    await lab.gone(result.waiter?.id ?? '');
    expect(await lab.ended(result.id)).toBe(0);
    return Date.parse((await lab.inspect(result.id)).State.StartedAt);
  }

  /** A container that stays until it is ended. */
  const stays = (lab: Lab, name: string, flags: readonly string[] = [], script = 'sleep 1000'): Promise<string> =>
    lab.ok('run', '-d', '--label', lab.mark, '--name', lab.nameOf(name), ...flags, busybox, 'sh', '-c', script);

  it('self has ended, which has not been removed', async ({ lab }) => {
    const launched = await launchWhen(lab, 'exited:self');
    expect(launched.result).toMatchObject({ when: ['exited:self'], ready: null });
    const started = await startedAt(lab, launched);
    expect(started).toBeGreaterThanOrEqual(Date.parse((await lab.inspect(launched.self)).State.FinishedAt));
  });

  it('self goes on, and then is removed', async ({ lab }) => {
    // One that launches from within, as `docker exec` does.
    const service = await lab.start({
      name: 'service',
      flags: ['--entrypoint', '/opt/offshoot/bin/sh'],
      words: ['-c', 'while :; do sleep 1; done'],
    });
    const told = await lab.ok('exec', service, 'offshoot', 'launch', busybox, '--when', 'exited:self', '--', 'true');
    const launched = { result: JSON.parse(told) as Launched['result'] } as Launched;
    await waits(lab, launched);
    await lab.ok('rm', '-f', service);
    await lab.gone(launched.result.waiter?.id ?? '');
    expect(await lab.ended(launched.result.id)).toBe(0);
  });

  it('another one has ended, though a new one has its name', async ({ lab }) => {
    const id = await stays(lab, 'other');
    const launched = await launchWhen(lab, `exited:${lab.nameOf('other')}`);
    await waits(lab, launched);
    await lab.ok('rename', lab.nameOf('other'), lab.nameOf('old'));
    await stays(lab, 'other');
    await lab.ok('kill', id);
    const started = await startedAt(lab, launched);
    expect(started).toBeGreaterThanOrEqual(Date.parse((await lab.inspect(id)).State.FinishedAt));
  });

  it('another one is healthy, and not before', async ({ lab }) => {
    const check = ['--health-cmd', 'test -e /tmp/ok', '--health-interval', '1s', '--health-retries', '1'];
    const id = await stays(lab, 'db', check);
    const launched = await launchWhen(lab, `healthy:${lab.nameOf('db')}`);
    await waits(lab, launched);
    await lab.ok('exec', id, 'touch', '/tmp/ok');
    // Where there is no systemd nobody else runs Podman's checks.
    if (isPodman(engine)) await libpodOf(engine)('GET', `/containers/${id}/healthcheck`);
    await startedAt(lab, launched);
  });

  it('a port and a URL answer in a network of self, by their names', async ({ lab }) => {
    await lab.network('net');
    const net = ['--network', lab.nameOf('net')];
    const web = lab.nameOf('web');
    const when = `tcp:${web}:80, http://${web}/first?secret=canary`;
    const launched = await launchWhen(lab, when, { flags: net });
    expect(launched.result.when).toEqual([`tcp:${web}:80`, `http://${web}/first?…`]);
    await waits(lab, launched, `tcp:${web}:80`);
    const waiter = await lab.inspect(launched.result.waiter?.id ?? '');
    expect(Object.keys(waiter.NetworkSettings.Networks)).toEqual([lab.nameOf('net')]);
    expect(JSON.stringify(waiter.Config.Labels)).not.toContain('canary');
    const server = ['mkdir /srv; cd /srv; echo ok >ok', 'exec httpd -f -p 80 -h /srv'].join('; ');
    const id = await stays(lab, 'web', net, server);
    await waits(lab, launched, `http://${web}/first?…`);
    // Some servers redirect a folder to its slash.
    await lab.ok('exec', id, 'sh', '-c', 'mkdir /srv/first && cp /srv/ok /srv/first/index.html');
    await startedAt(lab, launched);
    expect((await lab.inspect(launched.self)).State.ExitCode).toBe(0);
  });

  it('a file of ours is there, in a folder that was not', async ({ lab }) => {
    const folder = await lab.folder();
    const launched = await launchWhen(lab, 'file:/data/sub/done', { flags: ['-v', `${folder}:/data`] });
    await waits(lab, launched);
    await lab.ok(
      'run',
      '--rm',
      '-v',
      `${folder}:/data`,
      busybox,
      'sh',
      '-c',
      'mkdir /data/sub && touch /data/sub/done',
    );
    await startedAt(lab, launched);
  });

  it('not before its time, and not before the condition', async ({ lab }) => {
    const folder = await lab.folder();
    await writeFile(join(folder, 'early'), '');
    const request = { flags: ['-v', `${folder}:/data`], env: { OFFSHOOT_DELAY: '2s' } };
    const [early, late] = await Promise.all([
      launchWhen(lab, 'file:/data/early', request),
      launchWhen(lab, 'file:/data/late', request),
    ]);
    expect(await startedAt(lab, early)).toBeGreaterThanOrEqual(Date.parse(early.result.startsAt ?? ''));
    await waits(lab, late);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(late.result.startsAt ?? ''));
    await writeFile(join(folder, 'late'), '');
    await startedAt(lab, late);
  });

  it('gives up when it takes too long, removes the sibling, and says why', async ({ lab }) => {
    const folder = await lab.folder();
    const launched = await launchWhen(lab, 'file:/data/never,exited:self', {
      flags: ['-v', `${folder}:/data`],
      env: { OFFSHOOT_WHEN_TIMEOUT: '3s', OFFSHOOT_STATUS_FILE: '/data/status.json' },
    });
    expect(JSON.parse(await readFile(join(folder, 'status.json'), 'utf8'))).toMatchObject({ exitStatus: null });
    const waiter = launched.result.waiter?.id ?? '';
    await eventually(async () => {
      const { State, RestartCount } = await lab.inspect(waiter);
      expect({ ...State, RestartCount }).toMatchObject({ Status: 'exited', ExitCode: 75, RestartCount: 5 });
    });
    expect(await lab.exists(launched.result.id)).toBe(false);
    const events = eventsIn((await lab.logs(waiter)).stderr);
    const message = expect.stringMatching(/within 3s .*file:\/data\/never: it is not there$/);
    expect(events.filter(({ event }) => event === 'error')).toContainEqual(
      expect.objectContaining({ code: 'ERR_TIMEOUT', message }),
    );
    expect(events.filter(({ event }) => event === 'undone')).toHaveLength(1);
    const status = JSON.parse(await readFile(join(folder, 'status.json'), 'utf8')) as LaunchStatus;
    expect(status).toMatchObject({ state: 'failed', message, exitStatus: 75, exitCode: null });
    expect(status.sibling).toEqual({ id: launched.result.id, name: launched.result.name });
  });

  it('starts it all the same when it takes too long, where that is asked for', async ({ lab }) => {
    const id = await stays(lab, 'other');
    const env = { OFFSHOOT_WHEN_TIMEOUT: '500ms', OFFSHOOT_WHEN_ELSE: 'launch' };
    await startedAt(lab, await launchWhen(lab, `exited:${id}`, { env }));
  });

  it('waits itself where it stays', async ({ lab }) => {
    const flags = ['--tmpfs', '/own'];
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_ATTACH: '1', OFFSHOOT_WHEN: 'file:/own/done,tcp:localhost:1' };
    const limits = { OFFSHOOT_WHEN_TIMEOUT: '1s' };
    const failed = await lab.launch({ env: { ...env, ...limits }, flags, words: ['echo', 'ran'] });
    expect(failed).toMatchObject({ exitCode: 75, stdout: '' });
    expect(await lab.descendants(failed.self)).toEqual([]);

    const self = await lab.start({ env: { ...env, OFFSHOOT_WHEN: 'file:/own/done' }, flags, words: ['echo', 'ran'] });
    await eventually(async () => expect((await lab.logs(self)).stderr).toContain('does not hold'));
    const [child = ''] = await lab.descendants(self);
    expect((await lab.inspect(child)).Config.Labels[label.startsAt]).toBeDefined();
    await lab.ok('exec', self, '/opt/offshoot/bin/sh', '-c', ': >/own/done');
    expect(await lab.ended(self)).toBe(0);
    expect((await lab.logs(self)).stdout).toBe('ran');
  });

  it('is told at once what cannot be watched, all of it', async ({ lab }) => {
    const id = await stays(lab, 'plain');
    const when = ['exited:no-such', `healthy:${id}`, 'tcp:127.0.0.1:80', 'http://localhost/', 'file:/etc/done'];
    const env = { OFFSHOOT_STATUS_FILE: '/root/status.json' };
    const launched = await launchWhen(lab, when.join(','), { env: { ...env, OFFSHOOT_STATUS_FILE: '' } });
    expect(launched).toMatchObject({ exitCode: 64, stdout: '' });
    const lines = launched.events.at(-1)?.message.split('\n') ?? [];
    expect(lines.map((line) => when.find((text) => line.startsWith(`OFFSHOOT_WHEN: "${text}": `)))).toEqual(when);
    expect(await lab.descendants(launched.self)).toEqual([]);

    const status = await launchWhen(lab, 'exited:self', { env });
    expect(status).toMatchObject({ exitCode: 64, stdout: '' });
    expect(status.events.at(-1)?.message).toMatch(/^OFFSHOOT_STATUS_FILE: .*container's own file system/);
  });

  it('is cancelled by a signal to the waiter', async ({ lab }) => {
    const folder = await lab.folder();
    const flags = ['-v', `${folder}:/data`];
    const launched = await launchWhen(lab, 'file:/data/never', {
      flags,
      env: { OFFSHOOT_STATUS_FILE: '/data/status' },
    });
    await waits(lab, launched);
    const waiter = launched.result.waiter?.id ?? '';
    await lab.ok('stop', waiter);
    expect((await lab.inspect(waiter)).State).toMatchObject({ Running: false, ExitCode: 143 });
    expect(await lab.exists(launched.result.id)).toBe(false);
    expect(JSON.parse(await readFile(join(folder, 'status'), 'utf8'))).toMatchObject({
      state: 'cancelled',
      message: 'cancelled by SIGTERM',
      exitStatus: 143,
    });
    await sleep(300);
    expect((await lab.inspect(waiter)).State.Running).toBe(false);
  });
});
