import { posix } from 'node:path';
import type { HostView } from './host-view.ts';
import type { RootlessPlaces } from './rootless-places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Programs that are not on a user's PATH everywhere. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface RootlessPrograms {
  /** nerdctl's own script, where it is here: it knows best. */
  readonly script: string | undefined;
  readonly rootlesskit: string | undefined;
  readonly containerd: string | undefined;
  /** What connects its network with the host's; `undefined`: nothing that is here. */
  readonly network: NetworkDriver | undefined;
}

/** In the order in which they are taken. */
export const networkDrivers = ['slirp4netns', 'pasta', 'vpnkit'] as const;
export type NetworkDriver = (typeof networkDrivers)[number];

export interface ProgramPaths {
  /** Path of rootlesskit; default: on PATH, also as `docker-rootlesskit`. */
  readonly rootlesskit?: string | undefined;
  /** Path of containerd; default: on PATH. */
  readonly containerd?: string | undefined;
}

export function findPrograms(env: Environment, given: ProgramPaths, host: HostView): RootlessPrograms {
  const find = (...names: string[]): string | undefined =>
    names.map((name) => programIn(searchPath(env), name, host)).find(Boolean);
  const named = (path: string | undefined): string | undefined => (path && host.isProgram(path) ? path : undefined);
  const own = given.rootlesskit !== undefined || given.containerd !== undefined;
  return {
    script: own ? undefined : find('containerd-rootless.sh'),
    rootlesskit: given.rootlesskit === undefined ? find('rootlesskit', 'docker-rootlesskit') : named(given.rootlesskit),
    containerd: given.containerd === undefined ? find('containerd') : named(given.containerd),
    network: networkDrivers.find((name) => find(name)),
  };
}

/** All that a containerd without root needs and this machine has not; each with what mends it. Nothing: it can be tried. */
export function missingFor(
  programs: RootlessPrograms,
  { env, places, host }: { readonly env: Environment; readonly places: RootlessPlaces; readonly host: HostView },
): string[] {
  const has = (name: string): boolean => programIn(searchPath(env), name, host) !== undefined;
  const number = (path: string): number => Number(host.read(path)?.trim() ?? 1);
  const missing: [boolean, string][] = [
    [programs.rootlesskit === undefined, 'rootlesskit (package rootlesskit)'],
    [programs.containerd === undefined, 'containerd (package containerd)'],
    [!has('newuidmap') || !has('newgidmap'), 'newuidmap and newgidmap (package uidmap)'],
    [programs.network === undefined, `one of ${networkDrivers.join(', ')} (package slirp4netns)`],
    [programs.network === 'slirp4netns' && !has('ip'), 'ip (package iproute2)'],
    [
      programs.network === 'slirp4netns' && !host.mayWrite('/dev/net/tun'),
      'the right to use /dev/net/tun (modprobe tun; its mode is 0666 elsewhere)',
    ],
    [
      !host.mayWrite(places.runtimeDir),
      `a folder ${places.runtimeDir} that we may write to (XDG_RUNTIME_DIR; log in, or loginctl enable-linger)`,
    ],
    ...['/etc/subuid', '/etc/subgid'].map((file): [boolean, string] => [
      !hasRange(host.read(file), namesOf(host)),
      `a range of ids for user ${host.uid} in ${file} (usermod --add-subuids 200000-265535 --add-subgids 200000-265535 USER)`,
    ]),
    [
      number('/proc/sys/user/max_user_namespaces') === 0 || number('/proc/sys/kernel/unprivileged_userns_clone') === 0,
      'user namespaces for users (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone)',
    ],
  ];
  return missing.flatMap(([isMissing, what]) => (isMissing ? [what] : []));
}

export function searchPath(env: Environment): string {
  return [
    ...new Set([...(env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/')), ...usualPath.split(':')]),
  ].join(':');
}

function programIn(path: string, name: string, host: HostView): string | undefined {
  return path
    .split(':')
    .map((folder) => posix.join(folder, name))
    .find((file) => host.isProgram(file));
}

/** Our own, as the files of ranges may name us. */
function namesOf(host: HostView): readonly string[] {
  const line = (host.read('/etc/passwd') ?? '').split('\n').find((entry) => entry.split(':')[2] === String(host.uid));
  return [String(host.uid), ...(line === undefined ? [] : [line.split(':')[0] ?? ''])];
}

function hasRange(text: string | undefined, names: readonly string[]): boolean {
  return (text ?? '').split('\n').some((line) => {
    const [name = '', , count = '0'] = line.split(':');
    return names.includes(name) && Number(count) > 0;
  });
}
