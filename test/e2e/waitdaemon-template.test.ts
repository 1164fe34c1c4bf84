import { describe, expect, inject } from 'vitest';
import { label } from '../../src/launch/labels.ts';
import { eventually, type Lab, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { fullName, inDockersWords, ownVariables } from '../support/podman.ts';

const engines = onePer(inject('allEngines'), releaseOf);
const image = 'offshoot:waitdaemon';
const busybox = 'offshoot-test/busybox:1';
// As Tinkerbell's agent runs the action of the default template: its volume, always privileged, `pid: host`.
const flags = ['--privileged', '--pid', 'host', '-v', '/lib/firmware:/lib/firmware:ro'];
const socket = '/var/run/docker.sock';
const template = { BLOCK_DEVICE: '/dev/sda', FS_TYPE: 'ext4', IMAGE: busybox };

describe.each(engines)('in the place of waitdaemon on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  /** The container that the waiter has started, when it has ended. */
  async function payloadOf(lab: Lab, { result }: { result: { id: string; waiter: { id: string } | null } }) {
    await lab.gone(result.waiter?.id ?? '');
    expect(await lab.ended(result.id)).toBe(0);
    return lab.inspect(result.id);
  }

  it.for([
    ['as arguments', { words: ['echo', 'rebooting now'] }],
    ['as a command that names /waitdaemon', { words: ['/waitdaemon', 'echo', 'rebooting now'] }],
    [
      'behind an entrypoint that is /waitdaemon',
      { words: ['echo', 'rebooting now'], flags: ['--entrypoint', '/waitdaemon'] },
    ],
  ] as const)('runs the payload of the template, its command %s', async ([, how], { lab }) => {
    const since = Date.now();
    const control = {
      WAIT_SECONDS: '2',
      CONTAINER_RUNTIME: 'docker',
      NERDCTL_NAMESPACE: 'tinkerbell',
      NERDCTL_HOST: 'true',
      PHASE: 'SECOND_FORK',
      OFFSHOOT_LOG: 'json',
    };
    const more = 'flags' in how ? how.flags : [];
    const launched = await lab.launch({
      canary: false,
      image,
      socket,
      env: { ...template, ...control },
      flags: [...flags, ...more],
      words: how.words,
    });
    expect(launched).toMatchObject({ exitCode: 0 });
    const payload = await payloadOf(lab, launched);
    const self = await lab.inspect(launched.self);
    expect(self.State.FinishedAt < payload.State.StartedAt).toBe(true); // success is reported before it runs
    const [start] = await lab.startsOf(launched.self, since);
    expect((start?.timeNano ?? 0) / 1e6 - since).toBeGreaterThanOrEqual(2_000);
    expect((await lab.logs(payload.Id)).stdout).toBe('rebooting now');
    expect(payload.Config).toMatchObject({ Image: fullName(engine, busybox), Cmd: ['echo', 'rebooting now'] });
    expect(ownVariables(engine, payload.Config.Env)).toEqual([
      'BLOCK_DEVICE=/dev/sda',
      'FS_TYPE=ext4',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
    expect(payload.HostConfig).toMatchObject({
      Privileged: true,
      PidMode: 'host',
      Binds: self.HostConfig.Binds,
      NetworkMode: self.HostConfig.NetworkMode,
    });
    expect(await lab.descendants(launched.self)).toEqual([payload.Id]);
  });

  it('keeps the terminal that the agent gives', async ({ lab }) => {
    const env = { ...template, WAIT_SECONDS: '1' };
    const launched = await lab.launch({ image, socket, env, flags: [...flags, '-t'], words: ['echo', 'x'] });
    expect(launched).toMatchObject({ exitCode: 0 });
    expect((await payloadOf(lab, launched)).Config.Tty).toBe(true);
  });

  it.for([
    ['ten seconds when it is not told', {}, 10_000],
    ['as long as it is told', { WAIT_SECONDS: '45' }, 45_000],
  ] as const)('waits %s', async ([, more, milliseconds], { lab }) => {
    const launched = await lab.launch({ image, socket, env: { ...template, ...more }, flags, words: ['true'] });
    expect(launched).toMatchObject({ exitCode: 0 });
    const waiter = await lab.inspect(launched.result.waiter?.id ?? '');
    const startsAt = Date.parse(waiter.Config.Labels[label.startsAt] ?? '');
    // The time is taken when the sibling has been created, and the waiter is created next.
    expect(Date.parse(waiter.Created) - (startsAt - milliseconds)).toBeGreaterThanOrEqual(0);
    expect(Date.parse(waiter.Created) - (startsAt - milliseconds)).toBeLessThan(5_000);
    expect(inDockersWords(waiter.HostConfig)).toMatchObject({ Privileged: false, PidMode: '', NetworkMode: 'none' });
  });

  it.for([
    ['no socket', 12, { ...template }, ['--security-opt', 'no-new-privileges']],
    ['a folder in the place of the socket', 12, { ...template }, ['-v', '/var/run:/var/run/docker.sock']],
    ['a runtime that is not here', 12, { ...template, CONTAINER_RUNTIME: 'nerdctl' }, ['-v', `${socket}:${socket}`]],
    ['a runtime that does not exist', 12, { ...template, CONTAINER_RUNTIME: 'rkt' }, ['-v', `${socket}:${socket}`]],
    ['no IMAGE', 1, { WAIT_SECONDS: '2' }, ['-v', `${socket}:${socket}`]],
    ['a bad IMAGE', 1, { IMAGE: 'UPPER/case', WAIT_SECONDS: '2' }, ['-v', `${socket}:${socket}`]],
    ['a bad WAIT_SECONDS', 1, { ...template, WAIT_SECONDS: 'soon' }, ['-v', `${socket}:${socket}`]],
    ['an image that cannot be pulled', 1, { IMAGE: '127.0.0.1:1/no/such:image' }, ['-v', `${socket}:${socket}`]],
  ] as const)('%s: status %i', async ([, status, env, more], { lab }) => {
    const launched = await lab.launch({ image, socket: false, env, flags: [...flags, ...more], words: ['true'] });
    expect(launched).toMatchObject({ exitCode: status, stdout: '' });
    expect(launched.events.at(-1)).toMatchObject({ level: 'error', event: 'error' });
    expect(await lab.descendants(launched.self)).toEqual([]);
  });

  it('a payload that cannot start: the waiter ends with status 2', async ({ lab }) => {
    const env = { ...template, WAIT_SECONDS: '1' };
    const launched = await lab.launch({ image, socket, env, flags, words: ['no-such-command'] });
    expect(launched).toMatchObject({ exitCode: 0 });
    const waiter = launched.result.waiter?.id ?? '';
    await eventually(async () =>
      expect((await lab.inspect(waiter)).State).toMatchObject({ Status: 'exited', ExitCode: 2 }),
    );
    expect((await lab.logs(waiter)).stderr).toContain('no-such-command');
  });
});
