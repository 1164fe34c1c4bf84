import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Docker, dockerOf, socketMount } from './docker.ts';
import type { TestEngine } from './global-engines.ts';
import { importBusybox } from './payload-image.ts';

/** An engine in a container of another one: Docker in Docker. */
export interface InnerEngine {
  /** The container of the outer engine that it runs in. It has both sockets. */
  readonly outerId: string;
  /** Flags of `docker exec` and `docker run` that lead to the inner engine, in the outer container and in inner ones. */
  readonly socketInOuter: readonly string[];
  readonly socketInInner: readonly string[];
  /** The command line against the inner engine. */
  readonly docker: Docker;
  /** Has the launcher at /opt/offshoot when `launcher` are among the flags. */
  readonly image: string;
  readonly launcher: readonly string[];
  remove(): Promise<void>;
}

const image = 'offshoot-test/busybox:1';
/** On the file system that holds the root file systems of the inner containers, whose storage driver is vfs. */
export const sharedFolder = '/var/lib/docker/shared';

/**
 * The host's own programs on the engine's own image. Its PATH has what dockerd needs and no `ps`, so that it cannot
 * list processes; vfs does not tell layers; and it has no network.
 */
const startDaemon = `set -e
mkdir /run/bin ${sharedFolder}
chmod 1777 ${sharedFolder}
for folder in "$1/usr/sbin" "$1/usr/bin" /usr/sbin /usr/bin; do
  for name in dockerd containerd containerd-shim-runc-v2 runc; do
    [ ! -x "$folder/$name" ] || [ -e "/run/bin/$name" ] || ln -s "$folder/$name" "/run/bin/$name"
  done
done
# A group with processes of its own can have no controllers for the groups in it.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir /sys/fs/cgroup/init
  while read -r pid; do echo "$pid" >/sys/fs/cgroup/init/cgroup.procs || true; done </sys/fs/cgroup/cgroup.procs
  for name in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$name" >/sys/fs/cgroup/cgroup.subtree_control || true
  done
fi
export PATH=/run/bin
exec dockerd --config-file /inner/daemon.json --host unix:///inner/docker.sock --pidfile /run/dockerd.pid \\
  --storage-driver vfs --bridge none --iptables=false --userland-proxy=false
`;

export async function startInnerEngine(engine: TestEngine, outer: Docker): Promise<InnerEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-inner-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'daemon.json'), '{}\n');
    await writeFile(join(folder, 'start.sh'), startDaemon);
    // The folder of an engine that is not the system's own; for the system's it is `/`.
    const programs = resolve(engine.docker, '../../..');
    const mounts = ['/usr', '/lib', '/lib64', '/bin', ...(programs === '/' ? [] : [programs])];
    const outerId = await outer.ok(
      ...['run', '--detach', '--label', outer.mark, '--privileged', ...socketMount(engine)],
      ...mounts.flatMap((path) => ['--volume', `${path}:${path}:ro`]),
      ...['--volume', `${folder}:/inner`, '--tmpfs', '/run:exec', '--tmpfs', '/var/lib/docker:exec'],
      ...['--entrypoint', '/bin/sh', 'offshoot:dev', '/inner/start.sh', programs === '/' ? '' : programs],
    );
    const socket = join(folder, 'docker.sock');
    const docker = dockerOf({ ...engine, socket, host: `unix://${socket}` });
    await untilReady(docker, () => outer.call('logs', '--tail', '20', outerId));
    await chmod(socket, 0o666); // for users in inner containers
    await importBusybox({ socket }, image);
    return {
      outerId,
      docker,
      image,
      socketInOuter: ['--env', 'DOCKER_HOST=unix:///inner/docker.sock'],
      socketInInner: ['--volume', '/inner/docker.sock:/var/run/docker.sock'],
      launcher: ['--volume', '/opt/offshoot:/opt/offshoot:ro'],
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function untilReady(docker: Docker, logs: () => Promise<{ stderr: string }>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await docker.call('version')).exitCode === 0) return;
    await setTimeout(100);
  }
  throw new Error(`the inner engine does not answer: ${(await logs()).stderr}`);
}
