import { describe, expect, inject } from 'vitest';
import { type Lab, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

type Case = readonly [what: string, status: number, says: string | RegExp, env: Readonly<Record<string, string>>];

const canary = 'canary-9f3a';
const override = (value: unknown): Record<string, string> => ({ OFFSHOOT_OVERRIDE: JSON.stringify(value) });

const wrong: readonly Case[] = [
  ['an unknown group', 64, /OFFSHOOT_INHERIT: .*"-mount" is no group .*mounts/, { OFFSHOOT_INHERIT: 'all,-mount' }],
  ['a base that does not stand first', 64, /"none" stands first/, { OFFSHOOT_INHERIT: 'env,none' }],
  ['a bad glob', 64, 'OFFSHOOT_DROP_ENV', { OFFSHOOT_DROP_ENV: 'A[B' }],
  [
    'an override with an unknown field',
    64,
    /HostConfig\.Memroy .*did you mean HostConfig\.Memory/,
    override({ HostConfig: { Memroy: canary } }),
  ],
  ['an override with an unknown field at the top', 64, /Enviroment is no member/, override({ Enviroment: [canary] })],
  [
    'an override that breaks the schema',
    64,
    /HostConfig\.Memory: .*expected number/,
    override({ HostConfig: { Memory: canary } }),
  ],
  [
    'an override that is no object',
    64,
    /OFFSHOOT_OVERRIDE: its value: expected a JSON object/,
    { OFFSHOOT_OVERRIDE: `["${canary}"]` },
  ],
  [
    'a network that is not there',
    64,
    /OFFSHOOT_NETWORK: "no-such-network": there is no such network/,
    { OFFSHOOT_NETWORK: 'no-such-network' },
  ],
  [
    'a volume that is not there',
    64,
    /OFFSHOOT_MOUNT: "no-such-volume": there is no such volume/,
    { OFFSHOOT_MOUNT: 'no-such-volume:/data' },
  ],
  [
    'a path that is not there',
    64,
    /\/no\/such\/path does not exist in this container/,
    { OFFSHOOT_MOUNT: '/no/such/path:/data' },
  ],
  [
    'a path of our own file system',
    64,
    /lies in the container's own file system/,
    { OFFSHOOT_MOUNT: '/etc/passwd:/data' },
  ],
  ['a port that is none', 64, /OFFSHOOT_PUBLISH: "70000:80"/, { OFFSHOOT_PUBLISH: '70000:80' }],
  [
    'removal and restarts at once',
    64,
    'OFFSHOOT_AUTO_REMOVE',
    { OFFSHOOT_AUTO_REMOVE: 'true', OFFSHOOT_RESTART: 'always' },
  ],
];

const engines = onePer(inject('allEngines'), releaseOf);

describe.each(engines)('what cannot be given is an error, on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  it.for(wrong)('%s', async ([, status, says, env], { lab }) => {
    const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: 'self', SECRET: canary, ...env } });
    expect(launched).toMatchObject({ exitCode: status, stdout: '' });
    const errors = launched.events.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(says);
    expect(launched.stderr).not.toContain(canary);
    expect(await lab.descendants(launched.self)).toEqual([]);
  });

  it('the same is refused by a plan, before anything is pulled', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: 'registry.invalid/never:1', ...override({ Nope: 1 }) };
    const launched = await lab.launch({ env });
    expect(launched).toMatchObject({ exitCode: 64 });
    expect(launched.stderr).not.toContain('pull');
  });

  /** A container that stays, which has lost something since it was made. */
  async function launchFrom(lab: Lab, self: string): Promise<{ exitCode: number; stderr: string }> {
    const { exitCode, stderr } = await lab.docker('exec', self, '/opt/offshoot/offshoot', 'launch', 'self');
    expect(await lab.descendants(self)).toEqual([]);
    return { exitCode, stderr };
  }

  it('a network that is gone', async ({ lab, skip }) => {
    if (engine.kind.startsWith('podman')) skip('a container without any network is in none there');
    await lab.network('lost');
    const network = lab.nameOf('lost');
    const self = await lab.start({ flags: ['--network', network], words: ['sleep', '1000'] });
    await lab.ok('network', 'disconnect', network, self);
    await lab.ok('network', 'rm', network);
    const { exitCode, stderr } = await launchFrom(lab, self);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 73 });
    expect(stderr).toContain(`the network ${network} that self was made in is gone`);
  });

  it('a folder of the host that is gone', async ({ lab, skip }) => {
    if (engine.kind.startsWith('podman')) skip('it keeps what is mounted');
    const self = await lab.start({ flags: ['-v', `/tmp/${lab.mark}:/data`], words: ['sleep', '1000'] });
    await lab.ok('run', '--rm', '-v', '/tmp:/tmp', 'offshoot-test/busybox:1', 'rmdir', `/tmp/${lab.mark}`);
    const { exitCode, stderr } = await launchFrom(lab, self);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 73 });
    expect(stderr).toContain(`/tmp/${lab.mark}, which is mounted at /data, was removed on the engine's host`);
  });

  it('a device that is gone', async ({ lab, skip }) => {
    if (engine.kind.startsWith('podman')) skip('its API gives no devices to this client');
    const device = `/dev/${lab.mark}`;
    const host = (...words: string[]): Promise<string> =>
      lab.ok('run', '--rm', '--privileged', '-v', '/dev:/hostdev', 'offshoot-test/busybox:1', ...words);
    await host('mknod', `/hostdev/${lab.mark}`, 'c', '1', '3');
    const self = await lab.start({ flags: ['--device', device], words: ['sleep', '1000'] });
    await host('rm', `/hostdev/${lab.mark}`);
    const { exitCode, stderr } = await launchFrom(lab, self);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 73 });
    expect(stderr).toContain(device);
  });
});
