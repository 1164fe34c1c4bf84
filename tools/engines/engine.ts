import { chmod } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askFacts, get } from './api.ts';
import type { Daemon } from './daemon.ts';
import { dockerIn } from './docker.ts';
import { claimFolder } from './folder.ts';
import { type EngineKind, isDockerKind, kinds } from './kinds.ts';
import { removeLeftovers } from './leftovers.ts';
import { podmanIn } from './podman.ts';
import { freeze, untilGone } from './processes.ts';
import { logged, untilReady } from './ready.ts';
import type { Engine, EngineOptions } from './types.ts';
import { createWorld, type World } from './world.ts';

// Longer than dockerd gives its containers to end (15 s).
const endLimit = 30_000;
const forwarder = fileURLToPath(new URL('forward.ts', import.meta.url));

/** Starts an engine of its own in a folder of its own; resolves when it answers. */
export async function startEngine(kind: EngineKind, options: EngineOptions = {}): Promise<Engine> {
  const daemonIn = await (isDockerKind(kind) ? dockerIn(kind, options) : podmanIn(options));
  const dir = await claimFolder(options.dir);
  const daemon = daemonIn(dir);
  const { cgroup } = kinds[kind];
  let world: World | undefined;
  const stop = async (): Promise<void> => {
    await world?.end();
    await removeLeftovers(dir);
  };
  try {
    world = await createWorld({ dir, cgroup, path: daemon.path, diskSize: options.diskSize });
    return await startIn(world, { kind, dir, daemon, options, stop });
  } catch (error) {
    await stop();
    options.signal?.throwIfAborted(); // the caller's own reason, not how the abort was noticed
    throw error;
  }
}

async function startIn(
  world: World,
  given: { kind: EngineKind; dir: string; daemon: Daemon; options: EngineOptions; stop: () => Promise<void> },
): Promise<Engine> {
  const { kind, dir, daemon, options } = given;
  const { signal } = options;
  const { name, socket, logFile } = daemon;
  const start = async (): Promise<number> => {
    const started = await world.start(await daemon.command(), logFile);
    await untilReady({ name, pid: started, log: logFile }, () => get(socket, '/_ping', signal), signal);
    await chmod(socket, 0o660); // Podman's leaves it to systemd, by whose unit it is like dockerd's
    return started;
  };

  await daemon.prepare(world, signal);
  let pid = await start();
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
    docker: daemon.docker,
    imageStore: kinds[kind].imageStore,
    enter: ['nsenter', '--target', String(world.pid), '--mount', '--net', '--pid', '--uts', '--ipc'],
    gone: world.ended,
    get daemonPid() {
      return pid;
    },
    get dockerdPid() {
      return pid;
    },
    freeze: () => freeze(pid),
    thaw: () => void process.kill(pid, 'SIGCONT'),
    async forward(port, to) {
      const log = `${dir}/forward-${port}.log`;
      const forwarding = await world.start([process.execPath, forwarder, String(port), resolve(to)], log);
      await untilReady({ name: 'forward.ts', pid: forwarding, log }, () => logged(log, 'listening'), signal);
    },
    async restart({ signal: kill = 'SIGTERM' } = {}) {
      process.kill(pid, kill);
      if (kill !== 'SIGKILL') process.kill(pid, 'SIGCONT'); // a frozen one would take no notice
      if (!(await untilGone(pid, endLimit))) process.kill(pid, 'SIGKILL');
      if (!(await untilGone(pid, endLimit))) throw new Error(`${name} (process ${pid}) cannot be ended`);
      pid = await start();
    },
    stop: () => (stopped ??= given.stop()),
  };
}
