import { writeFile } from 'node:fs/promises';
import { runtimeFlags } from './bounds.ts';
import { type DockerKind, kinds } from './kinds.ts';
import type { EnginePaths } from './types.ts';

/** The files of one Docker. Data lie below `var` as they do below /var/lib, state in the world's own /run. */
export interface Layout {
  readonly dir: string;
  readonly socket: string;
  readonly containerdSocket: string;
  readonly logFile: string;
  readonly containerdLog: string;
}

export function layoutOf(dir: string): Layout {
  return {
    dir,
    socket: `${dir}/docker.sock`,
    containerdSocket: `${dir}/containerd.sock`,
    logFile: `${dir}/dockerd.log`,
    containerdLog: `${dir}/containerd.log`,
  };
}

/** Where the engine's containers are in every cgroup hierarchy, so that what is left of them can be taken away. */
export function cgroupOf(dir: string): string {
  return dir.slice(1).replaceAll('/', '-');
}

export async function containerdCommand(paths: EnginePaths, { dir, containerdSocket }: Layout): Promise<string[]> {
  // Kubernetes' plugin costs time at each start and nobody asks it anything.
  await writeFile(`${dir}/containerd.toml`, 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
  const { containerd } = paths;
  return [
    containerd,
    '--config',
    `${dir}/containerd.toml`,
    '--root',
    `${dir}/var/containerd`,
    '--address',
    containerdSocket,
  ];
}

export async function dockerdCommand(
  paths: EnginePaths,
  kind: DockerKind,
  { dir, socket, containerdSocket }: Layout,
  more: readonly string[] = [],
): Promise<string[]> {
  // This machine's daemon.json is for its own engine, and a missing file is an error.
  await writeFile(`${dir}/daemon.json`, '{}\n');
  const flags: [flag: string, value: string][] = [
    ['--config-file', `${dir}/daemon.json`],
    ['--host', `unix://${socket}`],
    ['--host', 'unix:///run/docker.sock'], // where containers that mount /var/run/docker.sock look for it
    ['--containerd', containerdSocket],
    ['--data-root', `${dir}/var/docker`],
    ['--init-path', '/usr/bin/tini-static'],
    ['--cgroup-parent', `/${cgroupOf(dir)}/docker`],
    kinds[kind].imageStore === 'containerd'
      ? ['--feature', 'containerd-snapshotter=true']
      : ['--storage-driver', 'overlay2'],
  ];
  return [paths.dockerd, ...flags.flat(), ...(await runtimeFlags()), ...more];
}
