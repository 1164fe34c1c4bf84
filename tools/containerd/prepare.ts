import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runtimeFlags } from '../engines/bounds.ts';
import { cniFolder, type Programs } from './install.ts';

const withinBounds = fileURLToPath(new URL('../engines/runc-within-bounds.sh', import.meta.url));
const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';
export const hostPath: string = `/usr/local/sbin:/usr/local/bin:${systemPath}`;

/** Writes the files that host.sh puts in their places. */
export async function prepareFolder(
  dir: string,
  { programs, nerdctl, config = '' }: { programs: Programs; nerdctl: string; config?: string | undefined },
): Promise<void> {
  const bin = `${dir}/bin`;
  // Left by a host that is booted again; another version may be wanted now.
  await Promise.all([bin, `${dir}/nerdctl.program`].map((path) => rm(path, { recursive: true, force: true })));
  await Promise.all([bin, `${dir}/nerdctl`].map((folder) => mkdir(folder, { recursive: true })));
  await Promise.all([...programs].map(([name, path]) => symlink(path, `${bin}/${name}`)));
  // Mounted over: os.Executable(), which containers keep for their hooks, would see through a link.
  await writeFile(`${bin}/nerdctl`, '');
  await symlink(nerdctl, `${dir}/nerdctl.program`);
  if ((await runtimeFlags()).length > 0) {
    // nerdctl names no runtime, so the shim takes the first runc on its PATH. The real one comes later on it.
    await writeFile(`${bin}/runc`, `#!/bin/sh\nPATH=${systemPath} exec '${withinBounds}' "$@"\n`, { mode: 0o755 });
  }
  await writeFile(`${dir}/nerdctl/nerdctl.toml`, `cni_path = "${cniFolder}"\n`);
  // Kubernetes' plugin costs time at each start and nobody asks it anything.
  const plugins = 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n';
  await writeFile(`${dir}/containerd.toml`, `${plugins}${config}\n`);
}
