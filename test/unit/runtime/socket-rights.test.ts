import { expect, it } from 'vitest';
import { explainRights, readRights, type SocketRights } from '../../../src/runtime/docker/wire/socket-rights.ts';

const rights: SocketRights = {
  user: 1000,
  groups: [1000, 10],
  socket: { user: 0, group: 998, mode: 0o660 },
  isRemapped: false,
  isSelinuxEnforcing: false,
};
const remapped = { user: 65534, group: 65534, mode: 0o660 };

it.each<[title: string, differs: Partial<SocketRights>, hint: RegExp]>([
  ['another group', {}, /--group-add 998\.$/],
  ['another group, and SELinux', { isSelinuxEnforcing: true }, /--group-add 998; with SELinux .*label=disable/],
  ['a socket of its user alone', { socket: { user: 0, group: 998, mode: 0o600 } }, /mode 0600 opens it to its user/],
  ['a folder that is closed', { socket: undefined }, /open that folder/],
  ['SELinux against root', { user: 0, isSelinuxEnforcing: true }, /^Its mode .*SELinux is enforcing.*label=disable/],
  ['SELinux against its group', { groups: [998], isSelinuxEnforcing: true }, /^Its mode .*SELinux is enforcing/],
  ['something else against root', { user: 0 }, /^Its mode .*a security module/],
  ['a user namespace', { user: 0, groups: [0], socket: remapped, isRemapped: true }, /user namespace.*--userns host/],
])('%s', (_, differs, hint) => {
  const explained = explainRights({ ...rights, ...differs });
  expect(explained.hint).toMatch(hint);
  expect(explained.says).toContain(`we are user ${differs.user ?? 1000} with the groups`);
});

it('says whose it is, and who we are', () => {
  expect(explainRights(rights).says).toBe(
    'we are user 1000 with the groups 1000, 10; it is of user 0 and group 998, mode 0660',
  );
});

it('is read off the machine', () => {
  const { user, groups, socket } = readRights('/etc/passwd');
  expect({ user, socket }).toEqual({ user: process.getuid?.(), socket: { user: 0, group: 0, mode: 0o644 } });
  expect(groups).toContain(process.getgid?.());
});
