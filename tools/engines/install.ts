import { ensurePackages } from './apt.ts';
import { unpacked } from './download.ts';
import { type DockerKind, folderOf, kinds } from './kinds.ts';
import type { EnginePaths, InstallOptions } from './types.ts';

// Docker's dependencies come with it; these files stand for the packages.
export const common = {
  '/usr/sbin/runc': 'runc',
  '/usr/sbin/iptables': 'iptables',
  '/usr/bin/tini-static': 'tini', // docker-init, for `docker run --init`
  '/usr/bin/nsenter': 'util-linux',
  '/bin/ip': 'iproute2',
};
const system = {
  '/usr/sbin/dockerd': 'docker.io',
  '/usr/bin/containerd': 'containerd',
  '/usr/bin/docker': 'docker.io',
};
export const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes sure that the programs of a Docker are on this machine. Costs next to nothing when they are. */
export async function installEngine(kind: DockerKind, options: InstallOptions = {}): Promise<EnginePaths> {
  options.signal?.throwIfAborted();
  const row = kinds[kind];
  if (row.suites.length === 0) {
    await ensurePackages({ ...common, ...system }, options);
    return pathsIn('');
  }
  await ensurePackages(common, options);
  // Not runc: sid's needs a newer libc. Debian 12's is used.
  const packages = [row.version ? `docker.io=${row.version}` : 'docker.io', 'docker-cli', 'containerd'];
  const wanted = { name: folderOf(kind), suites: row.suites, packages, file: '/usr/sbin/dockerd' };
  return pathsIn(await unpacked(wanted, options));
}

function pathsIn(folder: string): EnginePaths {
  return {
    path: folder ? `${folder}/usr/sbin:${folder}/usr/bin:${systemPath}` : systemPath,
    containerd: `${folder}/usr/bin/containerd`,
    dockerd: `${folder}/usr/sbin/dockerd`,
    docker: `${folder}/usr/bin/docker`,
  };
}
