import { describe, expect, inject } from 'vitest';
import { label } from '../../src/launch/labels.ts';
import { labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const busybox = 'offshoot-test/busybox:1';

describe.each(onePer(inject('allEngines'), releaseOf))('launch now on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  it('starts a sibling of the same image and tells about it in one line of JSON', async ({ lab }) => {
    const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: 'echo hello' } });

    expect(launched).toMatchObject({ exitCode: 0 });
    const self = await lab.inspect(launched.self);
    const sibling = await lab.inspect(launched.result.id);
    expect(launched.stdout).not.toContain('\n');
    expect(launched.result).toMatchObject({
      id: sibling.Id,
      name: sibling.Name.slice(1),
      imageId: self.Image,
      self: { id: self.Id, name: self.Name.slice(1) },
      waiter: null,
      existing: false,
    });
    expect(Date.parse(String(launched.result.startsAt))).toBeGreaterThan(Date.parse(self.State.StartedAt));
    expect(sibling.Image).toBe(self.Image);
    expect(sibling.Config.Labels).toMatchObject({
      [label.role]: 'sibling',
      [label.parent]: self.Id,
      [label.key]: launched.result.key,
    });
    expect(await lab.ended(sibling.Id)).toBe(0);
    expect(await lab.logs(sibling.Id)).toEqual({ stdout: 'hello', stderr: '' });
    expect(await lab.descendants(self.Id)).toEqual([sibling.Id]);
  });

  it('tells its progress as JSON events on stderr', async ({ lab }) => {
    const { events, result } = await lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_LOG_LEVEL: 'debug' } });

    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['engine', 'self', 'image', 'created', 'started']),
    );
    expect(events.find(({ event }) => event === 'started')).toMatchObject({ level: 'info', id: result.id });
    for (const event of events) expect(event).toMatchObject({ time: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  it('is not broken by what the image sets for its own program, which the sibling gets', async ({ lab }) => {
    const env = { NODE_OPTIONS: '--require=/nonexistent', LD_PRELOAD: '/nonexistent.so', OFFSHOOT_IMAGE: busybox };
    const launched = await lab.launch({ env: { ...env, OFFSHOOT_COMMAND: 'env' } });

    expect(launched).toMatchObject({ exitCode: 0 });
    expect(await lab.ended(launched.result.id)).toBe(0);
    expect((await lab.logs(launched.result.id)).stdout).toContain('NODE_OPTIONS=--require=/nonexistent');
  });

  it('tells it as text on a terminal', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true' };
    const { stdout, exitCode } = await lab.launch({ env, flags: ['-t'] });

    expect(exitCode).toBe(0);
    const lines = stdout.split('\r\n').filter(Boolean);
    expect(lines.slice(0, -1)).toEqual(expect.arrayContaining([expect.stringMatching(/^offshoot: started /)]));
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ existing: false });
  });

  it.for([
    ['offshoot plan', { words: ['offshoot', 'plan', busybox, '--', 'echo', 'hello'] }],
    ['OFFSHOOT_DRY_RUN', { env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DRY_RUN: 'true' }, words: ['echo', 'hello'] }],
  ] as const)('%s creates nothing and shows no value of a variable', async ([, request], { lab }) => {
    const secret = 'canary-d41d8cd9';
    const more = { OWN: secret, OFFSHOOT_ENV_ADDED: secret, OFFSHOOT_OVERRIDE: `{"Labels":{"x":"${secret}"}}` };
    const env = { ...('env' in request ? request.env : {}), ...more, OFFSHOOT_LOG_LEVEL: 'debug' };
    const { exitCode, stdout, stderr, self } = await lab.launch({ ...request, env });

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: true,
      self: { id: self },
      image: busybox,
      settings: expect.arrayContaining([
        { setting: 'env OWN', origin: 'self' },
        { setting: 'env ADDED', origin: 'OFFSHOOT_ENV_ADDED' },
        { setting: 'Labels', origin: 'OFFSHOOT_OVERRIDE' },
      ]) as unknown,
      pull: 'none',
      start: 'at once',
    });
    expect(stdout + stderr).not.toContain(secret);
    expect(await lab.descendants(self)).toEqual([]);
  });

  it('launches from inside a running container, as docker run does', async ({ lab }) => {
    const self = await lab.start({ words: ['sleep', '1000'] });
    const { exitCode, stdout } = await lab.docker(
      'exec',
      self,
      'offshoot',
      'launch',
      busybox,
      '--',
      'echo',
      'a  b',
      '',
    );

    expect(exitCode).toBe(0);
    const { id } = JSON.parse(stdout) as { id: string };
    expect(await lab.descendants(self)).toEqual([id]);
    await lab.ended(id);
    expect((await lab.logs(id)).stdout).toBe('a  b ');
  });

  const missingMount = { HostConfig: { Mounts: [{ Type: 'bind', Source: '/nonexistent/folder', Target: '/x' }] } };
  it.for([
    ['an image that is missing and may not be pulled', 66, 'no-such-image:1', { OFFSHOOT_PULL: 'never' }],
    ['an id that no image has', 66, `sha256:${'0'.repeat(64)}`, {}],
    ['a mount of nothing', 73, busybox, { OFFSHOOT_OVERRIDE: JSON.stringify(missingMount) }],
    ['a network that is not there', 73, busybox, { OFFSHOOT_OVERRIDE: '{"HostConfig":{"NetworkMode":"no-such-net"}}' }],
    ['a command that is not found', 127, busybox, { OFFSHOOT_COMMAND: 'no-such-command' }],
    ['a path that is not there', 127, busybox, { OFFSHOOT_COMMAND: '/no/such/command' }],
    ['a file that is not executable', 126, busybox, { OFFSHOOT_COMMAND: '/etc/passwd' }],
    ['a folder as command', 126, busybox, { OFFSHOOT_COMMAND: '/etc' }],
    ['mistakes', 64, busybox, { OFFSHOOT_DELAY: 'soon', OFFSHOOT_DEALY: '1' }],
  ] as const)('%s: status %i, and nothing is left', async ([, status, image, env], { lab }) => {
    const { exitCode, stdout, events, self } = await lab.launch({ env: { OFFSHOOT_IMAGE: image, ...env } });

    expect({ exitCode, stdout, events }).toMatchObject({ exitCode: status, stdout: '' });
    expect(events.at(-1)).toMatchObject({ level: 'error', event: 'error', code: expect.stringMatching(/^ERR_/) });
    expect(await lab.descendants(self)).toEqual([]);
  });

  it('says what is missing where there is no engine', async ({ lab }) => {
    const { exitCode, events } = await lab.launch({ env: { OFFSHOOT_IMAGE: busybox }, socket: false });

    expect(exitCode).toBe(69);
    expect(events.at(-1)).toMatchObject({
      code: 'ERR_ENGINE_UNAVAILABLE',
      message: expect.stringContaining('/var/run/docker.sock does not exist'),
    });
  });
});
