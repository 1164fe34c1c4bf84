import { readFileSync, statSync } from 'node:fs';

/** Whose the socket is and who we are, as far as that decides who may use it. */
export interface SocketRights {
  readonly user: number;
  /** The main one first. */
  readonly groups: readonly number[];
  /** `undefined`: a folder above it is closed to us. */
  readonly socket: { readonly user: number; readonly group: number; readonly mode: number } | undefined;
  /** Ids of the host that have no number in our user namespace. */
  readonly isRemapped: boolean;
  readonly isSelinuxEnforcing: boolean;
}

export function readRights(path: string): SocketRights {
  const status = read('/proc/self/status');
  const ids = (name: string): number[] =>
    (new RegExp(`^${name}:(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/).filter(Boolean).map(Number);
  const [user = 0] = ids('Uid');
  const [group = 0] = ids('Gid');
  return {
    user,
    groups: [...new Set([group, ...ids('Groups')])],
    socket: socketAt(path),
    isRemapped: !/^\s*0\s+0\s+4294967295\s*$/.test(read('/proc/self/uid_map')),
    isSelinuxEnforcing: read('/sys/fs/selinux/enforce').trim() === '1',
  };
}

function socketAt(path: string): SocketRights['socket'] {
  try {
    const { uid, gid, mode } = statSync(path);
    return { user: uid, group: gid, mode: mode & 0o777 };
  } catch {
    return undefined;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What the kernel shows in the place of an id that a user namespace does not have. */
const nobody = 65534;

/** Who may not use whose socket, and what mends it. */
export function explainRights(rights: SocketRights): { readonly says: string; readonly hint: string } {
  const { user, groups, socket, isRemapped, isSelinuxEnforcing } = rights;
  const us = `we are user ${user} with the groups ${groups.join(', ')}`;
  if (socket === undefined)
    return { says: `${us}, and a folder above it is closed to us`, hint: 'Run as root, or open that folder.' };
  const says = `${us}; it is of user ${socket.user} and group ${socket.group}, mode ${modeOf(socket)}`;
  if (mayUse(rights)) {
    return {
      says,
      hint: isSelinuxEnforcing
        ? 'Its mode would let us: SELinux is enforcing here and does not. Run the container with --security-opt label=disable.'
        : 'Its mode would let us: a security module (SELinux, AppArmor) of the host does not. Try --security-opt label=disable.',
    };
  }
  if (isRemapped && socket.group === nobody) {
    return {
      says,
      hint: "This container is in a user namespace, in which the socket's owner has no number: run it with --userns host, or give it the socket of an engine of its own user.",
    };
  }
  if ((socket.mode & 0o020) === 0)
    return { says, hint: `Run as root: mode ${modeOf(socket)} opens it to its user alone.` };
  const hint = `Run as root, or give this user the socket's group: docker run --group-add ${socket.group}`;
  return { says, hint: isSelinuxEnforcing ? `${hint}; with SELinux also --security-opt label=disable.` : `${hint}.` };
}

function modeOf({ mode }: { readonly mode: number }): string {
  return `0${mode.toString(8)}`;
}

function mayUse({ user, groups, socket }: SocketRights): boolean {
  if (socket === undefined) return false;
  const [ofUser, ofGroup, ofOthers] = [0o200, 0o020, 0o002].map((bit) => (socket.mode & bit) !== 0);
  if (user === socket.user) return ofUser === true;
  return (groups.includes(socket.group) ? ofGroup : ofOthers) === true;
}
