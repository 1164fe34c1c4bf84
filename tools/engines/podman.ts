import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './apt.ts';
import { runcWithinBounds } from './bounds.ts';
import type { Daemon } from './daemon.ts';
import { cgroupOf } from './daemons.ts';
import { common, systemPath } from './install.ts';
import type { InstallOptions } from './types.ts';

const script = fileURLToPath(new URL('podman.sh', import.meta.url));
const packages = {
  '/usr/bin/podman': 'podman',
  '/usr/lib/podman/netavark': 'netavark',
  '/usr/lib/podman/aardvark-dns': 'aardvark-dns', // names in networks
  '/usr/bin/docker': 'docker.io',
};

/** Debian 12's Podman, by the socket on which it speaks as Docker does. */
export async function podmanIn(options: InstallOptions): Promise<(dir: string) => Daemon> {
  await ensurePackages({ ...common, ...packages }, options);
  return (dir) => {
    const socket = `${dir}/podman.sock`;
    return {
      name: 'podman',
      path: systemPath,
      docker: '/usr/bin/docker',
      socket,
      logFile: `${dir}/podman.log`,
      async prepare() {
        await writeFile(`${dir}/containers.conf`, await configuration(dir));
        await writeFile(`${dir}/storage.conf`, storage(dir));
        await writeFile(`${dir}/registries.conf`, registries());
      },
      command: () => Promise.resolve(['sh', script, dir, cgroupOf(dir), socket]),
    };
  };
}

function storage(dir: string): string {
  return `[storage]
driver = "overlay"
graphroot = "${dir}/var/containers/storage"
runroot = "/run/containers/storage"
`;
}

/** Docker's engines talk plain HTTP to this machine without being told. */
function registries(): string {
  const insecure = [5000, 5001, 5077, 5999].map(
    (port) => `[[registry]]\nlocation = "127.0.0.1:${port}"\ninsecure = true\n`,
  );
  return ['unqualified-search-registries = ["docker.io"]\n', ...insecure].join('');
}

/** The one file that Podman reads instead of this machine's. */
async function configuration(dir: string): Promise<string> {
  return `[containers]
log_driver = "k8s-file"
[engine]
# A world has no systemd.
cgroup_manager = "cgroupfs"
events_logger = "file"
init_path = "/usr/bin/tini-static"
# crun refuses machines that show both versions of cgroups.
runtime = "runc"
[engine.runtimes]
runc = ["${(await runcWithinBounds()) ?? '/usr/sbin/runc'}"]
[network]
network_backend = "netavark"
network_config_dir = "${dir}/var/containers/networks"
`;
}
