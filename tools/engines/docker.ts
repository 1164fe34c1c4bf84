import { access } from 'node:fs/promises';
import type { Daemon } from './daemon.ts';
import { containerdCommand, dockerdCommand, layoutOf } from './daemons.ts';
import { installEngine } from './install.ts';
import type { DockerKind } from './kinds.ts';
import { untilReady } from './ready.ts';
import type { EngineOptions } from './types.ts';

/** dockerd, with a containerd of its own; installed when asked for, so that a folder is claimed for what can start. */
export async function dockerIn(kind: DockerKind, options: EngineOptions): Promise<(dir: string) => Daemon> {
  const paths = await installEngine(kind, options);
  return (dir) => {
    const layout = layoutOf(dir);
    const { socket, logFile, containerdSocket, containerdLog } = layout;
    return {
      name: 'dockerd',
      path: paths.path,
      docker: paths.docker,
      socket,
      logFile,
      async prepare(world, signal) {
        const pid = await world.start(await containerdCommand(paths, layout), containerdLog);
        await untilReady({ name: 'containerd', pid, log: containerdLog }, () => access(containerdSocket), signal);
      },
      command: () => dockerdCommand(paths, kind, layout, options.dockerdArgs),
    };
  };
}
