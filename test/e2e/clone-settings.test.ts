import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { type Lab, labTest } from '../support/lab.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offshoot clone-')); // with a space
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

/** Flags of `docker run`, made when the test runs. */
type Flags = (lab: Lab) => Promise<string[]> | string[];

const cases: [string, Flags][] = [
  ['nothing special', () => []],
  [
    'binds with their options',
    async (lab) => [
      ...['-v', `${folder}:/plain`, '-v', `${folder}:/ro:ro`, '-v', `${folder}:/slave:rslave,ro`],
      ...['-v', `${await lab.volume('data')}:/data`, '-v', `${await lab.volume('kept')}:/kept:ro,nocopy`],
    ],
  ],
  [
    '--mount of folders and volumes with their options',
    async (lab) => [
      ...['--mount', `type=bind,src=${folder},dst=/bound,readonly,bind-propagation=rslave`],
      ...['--mount', `type=bind,src=${folder},dst=/alone,bind-nonrecursive`],
      ...['--mount', `type=volume,src=${await lab.volume('data')},dst=/data,volume-nocopy,readonly`],
      ...['--mount', 'type=volume,dst=/anonymous,volume-label=a=b'],
      ...['--mount', 'type=tmpfs,dst=/quick,tmpfs-size=1048576,tmpfs-mode=0700'],
    ],
  ],
  ['privileged', () => ['--privileged']],
  ['privileged, in the process namespace of the host', () => ['--privileged', '--pid', 'host']],
  ['the network of the host', () => ['--network', 'host']],
  ['no network', () => ['--network', 'none']],
  ['the bridge by its name', () => ['--network', 'bridge']],
  ['a network of the user', async (lab) => ['--network', await lab.network('own').then(() => lab.nameOf('own'))]],
  [
    "another container's network",
    async (lab) => ['--network', `container:${await lab.start({ name: 'other', words: ['sleep', '1000'] })}`],
  ],
  [
    "another container's network and processes, by its name",
    async (lab) => {
      await lab.start({ name: 'other', words: ['sleep', '1000'] });
      return ['--network', `container:${lab.nameOf('other')}`, '--pid', `container:${lab.nameOf('other')}`];
    },
  ],
  ['a terminal', () => ['-t']],
  [
    'another user and groups, and another folder',
    async ({ engine }) => {
      const { gid } = await stat(engine.socket);
      return ['-u', '1000:1000', '--group-add', String(gid), '-w', '/var/tmp'];
    },
  ],
  ['security options', () => ['--security-opt', 'no-new-privileges', '--security-opt', 'seccomp=unconfined']],
];

describe.each(inject('engines'))('settings on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  it.for(cases)('the sibling has the same: %s', async ([, flags], { lab }) => {
    const env = { OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: 'true' };
    const launched = await lab.launch({ env, flags: await flags(lab) });
    expect(launched).toMatchObject({ exitCode: 0 });
    const sibling = await lab.inspect(launched.result.id);
    expect(settingsOf(sibling)).toEqual(settingsOf(await lab.inspect(launched.self)));
    expect(await lab.ended(sibling.Id)).toBe(0);
  });

  it('a sibling that launches a sibling finds itself, and so does that one', async ({ lab }) => {
    const third = ['offshoot', 'launch', 'self', '--', 'true'];
    const second = ['offshoot', 'launch', 'self', '--', ...third];
    const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: JSON.stringify(second) } });

    const parents = [launched.self];
    for (let id: string | undefined = launched.result.id; id !== undefined;) {
      expect(await lab.ended(id)).toBe(0);
      parents.push(id);
      const { stdout } = await lab.logs(id);
      if (stdout === '') break;
      const next = JSON.parse(stdout) as { id: string; name: string; self: { id: string } };
      expect(next.self.id).toBe(id);
      expect(next.name).toMatch(new RegExp(`^${launched.result.self.name}-[0-9a-f]{12}$`)); // it does not grow
      id = next.id;
    }
    expect(parents).toHaveLength(4);
    expect((await lab.descendants(launched.self)).toSorted()).toEqual(parents.slice(1).toSorted());
  });
});

function settingsOf({ Config, HostConfig, Mounts }: ContainerInspectInfo): Record<string, unknown> {
  const { Tty, User, WorkingDir } = Config;
  const { Binds, Privileged, PidMode, NetworkMode, GroupAdd, SecurityOpt, UsernsMode } = HostConfig;
  const lists = { Binds, Mounts: HostConfig.Mounts, GroupAdd, SecurityOpt };
  return {
    ...{ Tty, User, WorkingDir, Privileged, PidMode, NetworkMode, UsernsMode },
    // Engines write an empty list in several ways.
    ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, (list as unknown[] | null) ?? []])),
    inForce: Mounts.map((mount) => (isAnonymous(mount.Name) ? { ...mount, Name: '', Source: '' } : mount)).toSorted(
      (left, right) => left.Destination.localeCompare(right.Destination),
    ),
  };
}

/** Its name is the engine's, and another one each time. */
function isAnonymous(name: string | undefined): boolean {
  return /^[0-9a-f]{64}$/.test(name ?? '');
}
