import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject } from 'vitest';
import { duty } from '../../src/launch/duty.ts';
import { label } from '../../src/launch/labels.ts';
import { figure } from '../support/figure.ts';
import { isPodman, ownVariables } from '../support/podman.ts';
import { eventually, type Lab, type Launched, labTest } from '../support/lab.ts';
import { processesOf, type SeenProcess } from '../support/processes.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const busybox = 'offshoot-test/busybox:1';

describe.each(onePer(inject('allEngines'), releaseOf))('launch later on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  async function waiterOf(lab: Lab, { result }: Launched) {
    return lab.inspect(result.waiter?.id ?? '');
  }

  it('creates the sibling at once, and a waiter that holds nothing but the way to the engine', async ({ lab }) => {
    const launched = await lab.launch({
      env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1h', SECRET: 'canary', OFFSHOOT_ENV_MORE: 'canary' },
      flags: ['--privileged', '--pid', 'host', '-v', '/tmp:/host-tmp', '-t', '--label', 'own=label'],
      words: ['echo', 'canary'],
    });

    expect(launched).toMatchObject({ exitCode: 0 });
    const self = await lab.inspect(launched.self);
    const sibling = await lab.inspect(launched.result.id);
    const waiter = await waiterOf(lab, launched);
    expect(sibling.State).toMatchObject({ Status: 'created', StartedAt: '0001-01-01T00:00:00Z' });
    expect(waiter.State.Status).toBe('running');
    expect(waiter.Image).toBe(self.Image);
    expect(waiter.HostConfig).toMatchObject({
      NetworkMode: 'none',
      Binds: [expect.stringMatching(new RegExp(`^${engine.socket}:/var/run/docker.sock(?::rw,rprivate,rbind)?$`))],
      Privileged: false,
      PidMode: isPodman(engine) ? 'private' : '',
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
    });
    expect(waiter.Mounts).toHaveLength(1);
    expect(waiter.Config.Tty).toBe(false);
    expect(waiter.Config.Labels).toMatchObject({
      [label.role]: 'waiter',
      [label.parent]: self.Id,
      [label.sibling]: sibling.Id,
      [label.startsAt]: launched.result.startsAt,
    });
    expect(waiter.Config.Labels).not.toHaveProperty('own');
    expect(JSON.stringify(waiter)).not.toContain('canary');
    const names = ownVariables(engine, waiter.Config.Env).map((entry) => entry.split('=', 1)[0]);
    const duties = [duty.sibling, duty.name, duty.deadline, duty.bootId];
    expect(names.toSorted()).toEqual(['DOCKER_HOST', 'PATH', ...duties].toSorted());
    expect((await lab.descendants(self.Id)).toSorted()).toEqual([sibling.Id, waiter.Id].toSorted());
  });

  it('waits in a shell, in less than 1.5 MiB', async ({ lab }) => {
    const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1h' } });
    const { Id } = await waiterOf(lab, launched);
    const processes = await asleep(Id);
    const pss = processes.reduce((sum, { pssKiB }) => sum + pssKiB, 0);
    figure(`waiting on ${engine.kind}: ${pss} KiB PSS in ${processes.length} processes`);
    expect(processes).toHaveLength(2);
    expect(pss).toBeGreaterThan(0);
    expect(pss).toBeLessThanOrEqual(1.5 * 1024);
  });

  it('starts the sibling at the deadline, once, and takes the waiter away', async ({ lab }) => {
    const floor = await oneStart(lab);
    const since = Date.now();
    const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1500ms' } });
    const waiter = await waiterOf(lab, launched);
    await lab.gone(waiter.Id);

    const starts = await lab.startsOf(launched.self, since);
    expect(starts.map(({ Actor }) => Actor.ID)).toEqual([launched.result.id]);
    const late = (starts[0]?.timeNano ?? 0) / 1e6 - Date.parse(launched.result.startsAt ?? '');
    figure(`starting on ${engine.kind}: ${late.toFixed(0)} ms after the deadline, where a start takes ${floor} ms`);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(Date.parse(launched.result.startsAt ?? '') - since).toBeGreaterThanOrEqual(1500);
    expect(await lab.ended(launched.result.id)).toBe(0);
    expect(await lab.descendants(launched.self)).toEqual([launched.result.id]);
  });

  it('starts it at a time of day', async ({ lab }) => {
    const at = new Date(Date.now() + 4_000).toISOString();
    const since = Date.now();
    const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_AT: at } });
    expect(Math.abs(Date.parse(launched.result.startsAt ?? '') - Date.parse(at))).toBeLessThanOrEqual(2); // rounding
    await lab.gone((await waiterOf(lab, launched)).Id);
    const [start] = await lab.startsOf(launched.self, since);
    expect((start?.timeNano ?? 0) / 1e6).toBeGreaterThanOrEqual(Date.parse(at));
  });

  it('waits as the ordinary user that self is', async ({ lab }) => {
    const { gid } = await stat(engine.socket);
    const launched = await lab.launch({
      env: { OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: 'id -u', OFFSHOOT_DELAY: '500ms' },
      flags: ['-u', '1000:1000', '--group-add', String(gid), '--cap-drop', 'ALL', '--read-only'],
    });
    expect(launched).toMatchObject({ exitCode: 0 });
    await lab.gone(launched.result.waiter?.id ?? '');
    expect(await lab.ended(launched.result.id)).toBe(0);
    expect((await lab.logs(launched.result.id)).stdout).toBe('1000');
  });

  it('removes the sibling when the waiter is stopped', async ({ lab }) => {
    const since = Date.now();
    const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1h' } });
    const waiter = await waiterOf(lab, launched);
    await asleep(waiter.Id);
    await lab.ok('stop', waiter.Id);

    expect((await lab.inspect(waiter.Id)).State).toMatchObject({ Running: false, ExitCode: 143 });
    expect(await lab.exists(launched.result.id)).toBe(false);
    expect((await lab.logs(waiter.Id)).stderr).toContain('cancelled by SIGTERM');
    expect(await lab.startsOf(launched.self, since)).toEqual([]);
    await sleep(200);
    expect((await lab.inspect(waiter.Id)).State.Running).toBe(false);
  });

  it('keeps a waiter that could not start the sibling, with the reason in its log', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '100ms', OFFSHOOT_COMMAND: 'no-such-command' };
    const launched = await lab.launch({ env });
    expect(launched).toMatchObject({ exitCode: 0 });
    const waiter = await waiterOf(lab, launched);
    await eventually(async () => {
      const { State, RestartCount } = await lab.inspect(waiter.Id);
      expect({ ...State, RestartCount }).toMatchObject({ Status: 'exited', ExitCode: 127, RestartCount: 5 });
    });
    expect((await lab.logs(waiter.Id)).stderr).toContain('no-such-command');
    expect((await lab.inspect(launched.result.id)).State.Status).toBe('created');
  });

  /** A waiter that nobody has launched, for a sibling that was never started. */
  async function waiterByHand(lab: Lab, entrypoint: string[], bootId: string) {
    const sibling = await lab.ok('create', '--label', lab.mark, busybox, 'true');
    const uptime = Number((await readFile('/proc/uptime', 'utf8')).split(' ')[0]);
    const waiter = await lab.start({
      name: 'waiter',
      env: {
        [duty.sibling]: sibling,
        [duty.name]: lab.nameOf('waiter'),
        [duty.deadline]: String(Math.round((uptime + 3_600) * 100)),
        [duty.bootId]: bootId,
        OFFSHOOT_LOG_LEVEL: 'debug',
      },
      // Podman gives none at all to what is created by its API.
      flags: ['--entrypoint', entrypoint[0] ?? '', '--stop-timeout', '10'],
      words: entrypoint.slice(1),
    });
    return { sibling, waiter };
  }

  it('does nothing after a reboot', async ({ lab }) => {
    const shell = ['/opt/offshoot/bin/sh', '/opt/offshoot/entrypoint.sh'];
    const { sibling, waiter } = await waiterByHand(lab, shell, 'b7ca64b6-0000-4000-8000-000000000000');
    expect(await lab.ended(waiter)).toBe(0);
    expect((await lab.logs(waiter)).stderr).toContain('rebooted');
    expect((await lab.inspect(sibling)).State.Status).toBe('created');
  });

  it('a waiter without a shell is stopped in the same way', async ({ lab }) => {
    const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const { sibling, waiter } = await waiterByHand(lab, ['/opt/offshoot/offshoot'], bootId);
    // Node listens to signals before that, but not to any purpose.
    await eventually(async () => expect((await lab.logs(waiter)).stderr).toContain('"waiting"'));
    await lab.ok('stop', waiter);
    expect((await lab.inspect(waiter)).State.ExitCode).toBe(143);
    expect(await lab.exists(sibling)).toBe(false);
  });
});

/** The waiter's processes, as soon as it sleeps in its shell. */
function asleep(waiter: string): Promise<SeenProcess[]> {
  return eventually(async () => {
    const processes = await processesOf(waiter);
    expect(processes.map(({ words }) => words.join(' '))).toEqual(
      expect.arrayContaining([expect.stringContaining('entrypoint.sh'), expect.stringMatching(/^sleep /)]),
    );
    return processes;
  });
}

/** Milliseconds that this engine takes for a start of the sibling's image, now. */
async function oneStart(lab: Lab): Promise<number> {
  const container = lab.api.getContainer(await lab.ok('create', '--label', lab.mark, busybox, 'true'));
  const before = performance.now();
  await container.start();
  return Math.round(performance.now() - before);
}
