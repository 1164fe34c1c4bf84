import { ensurePackages } from './apt.ts';
import { unpackedDocker } from './download.ts';
import { type EngineKind, folderOf, kinds } from './kinds.ts';
import type { EnginePaths, InstallOptions } from './types.ts';

// Docker's dependencies come with it; these files stand for the packages.
const common = {
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
const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes sure that the programs of an engine are on this machine. Costs next to nothing when they are. */
export async function installEngine(kind: EngineKind, options: InstallOptions = {}): Promise<EnginePaths> {
  options.signal?.throwIfAborted();
  const row = kinds[kind];
  if (row.suites.length === 0) {
    await ensurePackages({ ...common, ...system }, options);
    return pathsIn('');
  }
  await ensurePackages(common, options);
  return pathsIn(await unpackedDocker(folderOf(kind), row, options));
}

function pathsIn(folder: string): EnginePaths {
  return {
    path: folder ? `${folder}/usr/sbin:${folder}/usr/bin:${systemPath}` : systemPath,
    containerd: `${folder}/usr/bin/containerd`,
    dockerd: `${folder}/usr/sbin/dockerd`,
    docker: `${folder}/usr/bin/docker`,
  };
}
