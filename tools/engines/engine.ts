import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askFacts, get } from './api.ts';
import { containerdCommand, dockerdCommand, layoutOf } from './daemons.ts';
import { claimFolder } from './folder.ts';
import { installEngine } from './install.ts';
import { type EngineKind, kinds } from './kinds.ts';
import { removeLeftovers } from './leftovers.ts';
import { untilGone } from './processes.ts';
import { logged, untilReady } from './ready.ts';
import type { Engine, EngineOptions, EnginePaths } from './types.ts';
import { createWorld, type World } from './world.ts';

// Longer than dockerd gives its containers to end (15 s).
const endLimit = 30_000;
const forwarder = fileURLToPath(new URL('forward.ts', import.meta.url));

/** Starts an engine of its own in a folder of its own; resolves when it answers. */
export async function startEngine(kind: EngineKind, options: EngineOptions = {}): Promise<Engine> {
  const paths = await installEngine(kind, options);
  const dir = await claimFolder(options.dir);
  const { cgroup } = kinds[kind];
  let world: World | undefined;
  const stop = async (): Promise<void> => {
    await world?.end();
    await removeLeftovers(dir);
  };
  try {
    world = await createWorld({ dir, cgroup, path: paths.path, diskSize: options.diskSize });
    return await startIn(world, { kind, dir, paths, options, stop });
  } catch (error) {
    await stop();
    options.signal?.throwIfAborted(); // the caller's own reason, not how the abort was noticed
    throw error;
  }
}

async function startIn(
  world: World,
  given: { kind: EngineKind; dir: string; paths: EnginePaths; options: EngineOptions; stop: () => Promise<void> },
): Promise<Engine> {
  const { kind, dir, paths, options } = given;
  const { signal } = options;
  const layout = layoutOf(dir);
  const { socket, logFile } = layout;
  const startDockerd = async (): Promise<number> => {
    const pid = await world.start(await dockerdCommand(paths, kind, layout, options.dockerdArgs), logFile);
    await untilReady({ name: 'dockerd', pid, log: logFile }, () => get(socket, '/_ping', signal), signal);
    return pid;
  };

  const containerd = await world.start(await containerdCommand(paths, layout), layout.containerdLog);
  const program = { name: 'containerd', pid: containerd, log: layout.containerdLog };
  await untilReady(program, () => access(layout.containerdSocket), signal);
  let dockerd = await startDockerd();
  const facts = await askFacts(socket);
  options.report?.(`${kind} (${facts.version}) answers on ${socket}`);

  let stopped: Promise<void> | undefined;
  return {
    kind,
    dir,
    socket,
    logFile,
    ...facts,
    host: `unix://${socket}`,
    docker: paths.docker,
    imageStore: kinds[kind].imageStore,
    enter: ['nsenter', '--target', String(world.pid), '--mount', '--net', '--pid', '--uts', '--ipc'],
    gone: world.ended,
    get dockerdPid() {
      return dockerd;
    },
    freeze: () => void process.kill(dockerd, 'SIGSTOP'),
    thaw: () => void process.kill(dockerd, 'SIGCONT'),
    async forward(port, to) {
      const log = `${dir}/forward-${port}.log`;
      const pid = await world.start([process.execPath, forwarder, String(port), resolve(to)], log);
      await untilReady({ name: 'forward.ts', pid, log }, () => logged(log, 'listening'), signal);
    },
    async restart({ signal: kill = 'SIGTERM' } = {}) {
      process.kill(dockerd, kill);
      if (kill !== 'SIGKILL') process.kill(dockerd, 'SIGCONT'); // a frozen one would take no notice
      if (!(await untilGone(dockerd, endLimit))) process.kill(dockerd, 'SIGKILL');
      if (!(await untilGone(dockerd, endLimit))) throw new Error(`dockerd (process ${dockerd}) cannot be ended`);
      dockerd = await startDockerd();
    },
    stop: () => (stopped ??= given.stop()),
  };
}
