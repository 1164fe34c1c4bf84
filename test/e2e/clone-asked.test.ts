import { randomInt } from 'node:crypto';
import { describe, expect, inject } from 'vitest';
import { type Lab, type LaunchRequest, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { inDockersWords, isPodman } from '../support/podman.ts';

interface HostSettings {
  readonly Privileged: boolean;
  readonly CapAdd: string[] | null;
  readonly CapDrop: string[] | null;
  readonly Binds: string[] | null;
  readonly PidMode: string;
  readonly NetworkMode: string;
  readonly ReadonlyRootfs: boolean;
  readonly Ulimits: unknown[] | null;
  readonly PortBindings: Record<string, unknown> | null;
  readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number };
  readonly AutoRemove: boolean;
}

const nofile = { Name: 'nofile', Soft: 512, Hard: 1024 };
// Podman tells its own defaults beside it.
const withNofile = expect.arrayContaining([nofile]) as unknown[];

describe.each(onePer(inject('allEngines'), releaseOf))(
  'what is asked for beside self, on $kind',
  { concurrent: true },
  (engine) => {
    const it = labTest(engine);

    async function siblingOf(lab: Lab, { env = {}, ...request }: LaunchRequest) {
      const launched = await lab.launch({
        env: { OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: 'true', ...env },
        ...request,
      });
      expect(launched).toMatchObject({ exitCode: 0 });
      const sibling = await lab.inspect(launched.result.id);
      return { launched, sibling, host: inDockersWords(sibling.HostConfig as unknown as HostSettings) };
    }

    it('ports are published, where self has published others', async ({ lab }) => {
      const [own, asked] = [randomInt(30_000, 31_000), randomInt(31_000, 32_000)];
      const { host, launched } = await siblingOf(lab, {
        flags: ['-p', `${own}:80`, '--expose', '9000'],
        env: { OFFSHOOT_PUBLISH: `127.0.0.1:${asked}:80/tcp 53/udp` },
      });
      expect(host.PortBindings).toEqual({
        '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(asked) }],
        // Podman says which one it has chosen.
        '53/udp': [{ HostIp: '', HostPort: isPodman(engine) ? (expect.stringMatching(/^\d+$/) as string) : '' }],
      });
      expect(launched.result.leftOut).toEqual(
        expect.arrayContaining([
          { setting: 'HostConfig.PortBindings', reason: expect.stringContaining('PUBLISH') as string },
        ]),
      );
    });

    it('networks are added to those of self, with their aliases', async ({ lab }) => {
      await Promise.all([lab.network('own'), lab.network('asked')]);
      const { sibling } = await siblingOf(lab, {
        flags: ['--network', lab.nameOf('own'), '--network-alias', 'web'],
        env: { OFFSHOOT_NETWORK: `name=${lab.nameOf('asked')},alias=job` },
      });
      const aliases = Object.fromEntries(
        Object.entries(sibling.NetworkSettings.Networks).map(([name, { Aliases }]) => [
          name,
          ((Aliases ?? []) as string[]).filter((alias) => !sibling.Id.startsWith(alias)),
        ]),
      );
      expect(aliases).toEqual({ [lab.nameOf('own')]: ['web'], [lab.nameOf('asked')]: ['job'] });
    });

    it('a mode takes the place of the networks of self', async ({ lab }) => {
      await lab.network('own');
      const { host, sibling } = await siblingOf(lab, {
        flags: ['--network', lab.nameOf('own'), '--hostname', 'web'],
        env: { OFFSHOOT_NETWORK: 'none' },
      });
      expect(host.NetworkMode).toBe('none');
      expect(Object.keys(sibling.NetworkSettings.Networks)).toEqual(isPodman(engine) ? [] : ['none']);
    });

    it('labels, a name, restarts and removal are as asked for, and not as self has them', async ({ lab }) => {
      const flags = ['--restart', 'unless-stopped', '--label', 'traefik.enable=true', '--label', 'team=a'];
      const self = await lab.start({ flags, words: ['sleep', '1000'] });
      const words = [
        '--name',
        lab.nameOf('asked'),
        '--label',
        'team=b',
        '--label',
        'odd=a b,c',
        '--restart',
        'on-failure:2',
      ];
      const { id } = JSON.parse(await lab.ok('exec', self, 'offshoot', 'launch', 'self', ...words, '--', 'true')) as {
        id: string;
      };
      const { Config, HostConfig, Name } = await lab.inspect(id);
      expect(Name).toBe(`/${lab.nameOf('asked')}`);
      expect(Config.Labels).toMatchObject({ team: 'b', odd: 'a b,c', 'io.offshoot.parent': self });
      expect(Object.keys(Config.Labels)).not.toContain('traefik.enable');
      expect(HostConfig.RestartPolicy).toEqual({ Name: 'on-failure', MaximumRetryCount: 2 });
      await lab.ok('rm', '-f', self);
    });

    it('the restart policy of self is inherited by name alone', async ({ lab }) => {
      const self = await lab.start({ flags: ['--restart', 'unless-stopped'], words: ['sleep', '1000'] });
      const policyOf = async (...words: string[]): Promise<unknown> => {
        const said = await lab.ok('exec', self, 'offshoot', 'launch', 'self', ...words);
        return (await lab.inspect((JSON.parse(said) as { id: string }).id)).HostConfig.RestartPolicy;
      };
      expect(await policyOf()).toMatchObject({ Name: expect.stringMatching(/^(?:no)?$/) as string });
      expect(await policyOf('--inherit', 'all,restart')).toMatchObject({ Name: 'unless-stopped' });
      await lab.ok('rm', '-f', self);
    });

    it('a sibling that is to be removed is gone when it has ended', async ({ lab }) => {
      const launched = await lab.launch({
        env: { OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: 'true', OFFSHOOT_AUTO_REMOVE: 'true' },
      });
      expect(launched).toMatchObject({ exitCode: 0 });
      await lab.gone(launched.result.id);
    });

    it.for([
      ['ended at once', 'echo it; exit 7', 7],
      ['run for a while', 'echo it; sleep 1; exit 8', 8],
      ['never started', undefined, 127],
    ] as const)(
      'a sibling that is to be removed tells how it ended to who is attached, when it has %s',
      async ([, script, status], { lab }) => {
        const words = script === undefined ? ['no-such-command'] : ['sh', '-c', script];
        const control = { OFFSHOOT_ATTACH: 'true', OFFSHOOT_AUTO_REMOVE: 'true' };
        const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: 'offshoot-test/busybox:1', ...control }, words });
        expect(launched).toMatchObject({ exitCode: status, stdout: script === undefined ? '' : 'it' });
        expect(await lab.descendants(launched.self)).toEqual([]);
      },
    );

    const powerful = [
      '--cap-add',
      'SYS_ADMIN',
      '--pid',
      'host',
      '-v',
      '/:/host',
      '--cap-drop',
      'NET_RAW',
      '--ulimit',
      'nofile=512:1024',
    ];

    it('safe leaves behind what could harm the host, and keeps what restricts', async ({ lab }) => {
      const { host } = await siblingOf(lab, { flags: [...powerful, '--read-only'], env: { OFFSHOOT_INHERIT: 'safe' } });
      expect(host).toMatchObject({ PidMode: '', Ulimits: withNofile, ReadonlyRootfs: true });
      expect({ added: host.CapAdd ?? [], binds: host.Binds ?? [] }).toEqual({ added: [], binds: [] });
      expect(host.CapDrop).toHaveLength(1);
    });

    it('one warning names the powerful things that are passed on', async ({ lab }) => {
      const { launched } = await siblingOf(lab, { flags: powerful });
      const warnings = launched.events.filter(({ level, message }) => level === 'warn' && message.includes('powerful'));
      expect(warnings).toHaveLength(1);
      for (const power of ['SYS_ADMIN', "the host's process namespace", '/ of the host', '.sock of the host'])
        expect(warnings[0]?.message).toContain(power);
    });

    it('groups are inherited, or all but them', async ({ lab }) => {
      const flags = ['--ulimit', 'nofile=512:1024', '--cap-add', 'NET_ADMIN', '--label', 'team=a'];
      const only = await siblingOf(lab, { flags, env: { OFFSHOOT_INHERIT: 'limits', MINE: '1' } });
      expect(only.host).toMatchObject({ Ulimits: withNofile, CapAdd: null, Binds: null });
      expect(only.sibling.Config.Env.filter((entry) => entry.startsWith('MINE'))).toEqual([]);
      const but = await siblingOf(lab, { flags, env: { OFFSHOOT_INHERIT: '-limits,-labels' } });
      expect(but.host.Ulimits ?? []).not.toContainEqual(nofile);
      expect(but.host.CapAdd).toHaveLength(1);
      expect(but.sibling.Config.Labels['team']).toBeUndefined();
    });

    it('variables are dropped and kept by globs', async ({ lab }) => {
      const own = { AWS_KEY: 'canary-1', AWS_REGION: 'r', TOKEN: 'canary-2', KEPT: '1' };
      const names = (env: readonly string[]): string[] =>
        env.map((entry) => entry.split('=')[0] ?? '').filter((name) => name in own);
      const dropped = await siblingOf(lab, { env: { ...own, OFFSHOOT_DROP_ENV: 'AWS_*,*TOKEN' } });
      expect(names(dropped.sibling.Config.Env)).toEqual(['KEPT']);
      const kept = await siblingOf(lab, { env: { ...own, OFFSHOOT_KEEP_ENV: 'AWS_*', OFFSHOOT_DROP_ENV: 'AWS_KEY' } });
      expect(names(kept.sibling.Config.Env)).toEqual(['AWS_REGION']);
      for (const { launched } of [dropped, kept]) expect(JSON.stringify(launched)).not.toContain('canary');
    });

    it('a variable of our own image that is dropped is unset in the sibling', async ({ lab }) => {
      const { sibling } = await siblingOf(lab, {
        env: { OFFSHOOT_DROP_ENV: 'PATH', OFFSHOOT_COMMAND: '["/bin/sh","-c","env; true"]' },
      });
      expect(await lab.ended(sibling.Id)).toBe(0);
      expect((await lab.logs(sibling.Id)).stdout).not.toContain('/opt');
    });

    it('a launcher that launches itself for ever is stopped', async ({ lab }) => {
      // Nothing that can be seen from outside tells that this shell launches.
      const self = await lab.launch({ words: ['sh', '-c', 'offshoot launch self --log-level error; exit $?'] });
      expect(self).toMatchObject({ exitCode: 0 });
      let last = self.self;
      const lineage: string[] = [];
      for (let id: string | undefined = self.result.id; id !== undefined;) {
        lineage.push(id);
        last = id;
        await lab.ended(id);
        const { stdout } = await lab.logs(id);
        id = stdout === '' ? undefined : (JSON.parse(stdout) as { id: string }).id;
      }
      expect(lineage).toHaveLength(10);
      expect(await lab.ended(last)).toBe(64);
      expect((await lab.logs(last)).stderr).toContain('is the sibling of a sibling, 10 times');
    });

    it('what self was told to launch is not the command of its sibling', async ({ lab }) => {
      const launched = await lab.launch({ words: ['offshoot', 'launch', 'self'] });
      expect(launched).toMatchObject({ exitCode: 0 });
      const { Config } = await lab.inspect(launched.result.id);
      expect((Config.Cmd as string[] | null) ?? []).not.toContain('launch');
    });
  },
);
