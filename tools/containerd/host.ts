import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cgroupOf } from '../engines/daemons.ts';
import { claimFolder } from '../engines/folder.ts';
import { removeLeftovers } from '../engines/leftovers.ts';
import { freeze, untilGone } from '../engines/processes.ts';
import { untilReady } from '../engines/ready.ts';
import { createWorld, type World } from '../engines/world.ts';
import { installContainerd } from './install.ts';
import { runNerdctl } from './nerdctl.ts';
import { hostPath, prepareFolder } from './prepare.ts';
import type { ContainerdHost, ContainerdHostOptions, ContainerdVersion } from './types.ts';

const endLimit = 30_000;
const script = fileURLToPath(new URL('host.sh', import.meta.url));

/** Starts a machine of its own (processes, mounts, network) that runs containerd; resolves when nerdctl can be used. */
export async function startContainerdHost(options: ContainerdHostOptions): Promise<ContainerdHost> {
  const { version = '1.6', nerdctl, config, signal } = options;
  await access(nerdctl);
  const programs = await installContainerd(version, options);
  const dir = await claimFolder(options.dir);
  let world: World | undefined;
  const stop = async (): Promise<void> => {
    await world?.end();
    await removeLeftovers(dir);
  };
  try {
    await prepareFolder(dir, { programs, nerdctl, config });
    const cgroup = options.cgroup ?? (version === '2' ? 2 : 'host');
    world = await createWorld({ dir, cgroup, path: hostPath });
    return await startIn(world, { dir, version, options, stop });
  } catch (error) {
    await stop();
    signal?.throwIfAborted(); // the caller's own reason, not how the abort was noticed
    throw error;
  }
}

async function startIn(
  world: World,
  given: { dir: string; version: ContainerdVersion; options: ContainerdHostOptions; stop: () => Promise<void> },
): Promise<ContainerdHost> {
  const { dir, version, options } = given;
  const logFile = `${dir}/containerd.log`;
  const enter = ['nsenter', '--target', String(world.pid), '--mount', '--net', '--pid', '--uts', '--ipc'] as const;
  const { namespace, signal } = options;
  const nerdctl: ContainerdHost['nerdctl'] = (args, more) => runNerdctl({ enter, namespace }, args, more);

  const command = ['sh', script, dir, cgroupOf(dir), 'containerd', '--config', `${dir}/containerd.toml`];
  const start = async (): Promise<number> => {
    const pid = await world.start(command, logFile);
    await untilReady({ name: 'containerd', pid, log: logFile }, () => answers(nerdctl, signal), signal);
    return pid;
  };
  let containerd = await start();
  options.report?.(`containerd ${version} runs in ${dir}`);

  let stopped: Promise<void> | undefined;
  return {
    dir,
    version,
    namespace,
    pid: world.pid,
    get containerdPid() {
      return containerd;
    },
    logFile,
    enter,
    path: hostPath,
    gone: world.ended,
    nerdctl,
    freeze: () => freeze(containerd),
    thaw: () => void process.kill(containerd, 'SIGCONT'),
    async restart({ signal: kill = 'SIGTERM' } = {}) {
      process.kill(containerd, 'SIGCONT'); // a frozen one would take no notice; first, for afterwards it may be gone
      process.kill(containerd, kill);
      if (!(await untilGone(containerd, endLimit))) throw new Error(`containerd (process ${containerd}) does not end`);
      containerd = await start();
    },
    stop: () => (stopped ??= given.stop()),
  };
}

async function answers(nerdctl: ContainerdHost['nerdctl'], signal: AbortSignal | undefined): Promise<void> {
  const limit = AbortSignal.timeout(5000);
  const { exitCode, stderr } = await nerdctl(['ps'], { signal: signal ? AbortSignal.any([signal, limit]) : limit });
  if (exitCode !== 0) throw new Error(stderr);
}
