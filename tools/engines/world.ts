import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { outerPid, untilEnded } from './processes.ts';

const script = fileURLToPath(new URL('world.sh', import.meta.url));
const namespaces = ['--mount', '--net', '--pid', '--uts', '--ipc'];
const endLimit = 10_000;

/** A little machine for one engine. See world.sh. */
export interface World {
  /** Its PID 1, as this process sees it. */
  readonly pid: number;
  readonly ended: Promise<void>;
  /** Starts a program in it whose output is appended to `log`; its process id as this process sees it. */
  start(command: readonly string[], log: string): Promise<number>;
  /** Ends all its processes and takes away all its mounts, at once. */
  end(): Promise<void>;
}

export async function createWorld(options: {
  readonly dir: string;
  readonly cgroup: 'host' | 2;
  readonly path: string;
  readonly diskSize?: string | undefined;
}): Promise<World> {
  const args = [...namespaces, '--fork', '--kill-child', 'bash', script, options.dir, String(options.cgroup)];
  const child = spawn('unshare', [...args, options.diskSize ?? ''], {
    // A group of its own: Ctrl-C in a terminal is for us, who then end the engine in order.
    detached: true,
    // Nothing of our environment (proxies, DOCKER_*) should make a difference to the engine.
    env: { PATH: options.path, HOME: '/root' },
  });
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  child.stdin.on('error', () => {}); // the world has ended: `ended` says so
  const ended = untilClosed(child);
  ended.catch(() => {}); // whoever cares awaits it
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<number> => {
    const { value } = (await lines.next()) as { value?: string };
    const pid = Number(value?.split(' ')[1]);
    if (pid) return pid;
    await ended;
    throw new Error(`the engine's world ended: ${complaints.trim() || 'for no reason given'}`);
  };
  const pid = await answer();

  return {
    pid,
    ended,
    async start(command, log) {
      child.stdin.write(`${command.map(quoted).join(' ')} </dev/null >>${quoted(log)} 2>&1 & echo "started $!"\n`);
      return await outerPid(pid, await answer());
    },
    async end() {
      child.kill('SIGKILL'); // and --kill-child passes it on to PID 1, whose end the kernel passes on to all
      child.stdin.destroy();
      await ended.catch(() => {});
      if (!(await untilEnded(pid, endLimit))) throw new Error(`the engine's world (process ${pid}) cannot be ended`);
    },
  };
}

async function untilClosed(child: ChildProcess): Promise<void> {
  await once(child, 'close');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
