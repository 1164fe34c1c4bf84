import { posix } from 'node:path';
import type { ContainerRecord, ContainerSettings } from '../container.ts';
import type { Way } from './command/way.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const passedOn = ['CONTAINERD_ADDRESS', 'CONTAINERD_SNAPSHOTTER', 'CONTAINERD_DATA_ROOT'];
/** What a client needs of the host's files. */
export const placesOfClient: readonly string[] = [
  ...['/run/containerd', '/var/lib/containerd', '/var/lib/nerdctl', '/var/lib/cni', '/etc/nerdctl', '/etc/cni'],
  ...['/opt/cni', '/usr/lib/cni', '/usr/libexec/cni'],
];

/** What lets another container of our image do what we do with nerdctl. */
export function accessSettings(
  way: Way,
  namespace: string,
  env: Environment,
  self: ContainerRecord,
): ContainerSettings {
  const { privileged, pidMode, user, capAdd, securityOpt, cgroupnsMode, binds = [], mounts = [] } = self.settings;
  const variables = {
    OFFSHOOT_RUNTIME: 'nerdctl',
    OFFSHOOT_NAMESPACE: namespace,
    OFFSHOOT_HOST: way.onHost ? 'always' : 'never',
    ...Object.fromEntries(passedOn.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
  };
  const settings = {
    networkMode: 'none',
    env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
  };
  if (way.onHost) return { ...settings, privileged: true, pidMode: 'host' };
  const address = posix.dirname((env['CONTAINERD_ADDRESS'] ?? '').replace(/^unix:\/\//, '')) || '/run/containerd';
  const needed = [...placesOfClient, address, way.nerdctl, posix.dirname(way.nerdctl)];
  const leads = (target: string): boolean => needed.some((place) => isBelow(place, target) || isBelow(target, place));
  return {
    ...settings,
    ...{ privileged, pidMode, user, capAdd, securityOpt, cgroupnsMode },
    binds: binds.filter((bind) => leads(bind.split(':')[1] ?? '')),
    mounts: mounts.filter(({ target }) => leads(target)),
  };
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`);
}
