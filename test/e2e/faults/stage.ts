import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import type { OffshootEvent } from '../../../src/events.ts';
import { label } from '../../../src/launch/labels.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { eventsIn, labOn, type LabEngine } from '../../support/lab.ts';

export const busybox = 'offshoot-test/busybox:1';

type Environment = Readonly<Record<string, string>>;

/** What a launcher has done that ran in the stage's container. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly OffshootEvent[];
}

/** A launcher that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** To the launcher itself, as the kernel or an engine sends it. */
  signal(name: NodeJS.Signals): Promise<void>;
}

/** One key with a proxy of its own, and all that comes from it. */
export interface Scene {
  readonly key: string;
  readonly proxy: FaultProxy;
  /** A word of shell that notes that the payload has run. */
  readonly note: string;
  /** Runs the launcher with that key, by way of the proxy unless another engine's address is given. */
  run(env: Environment, ...words: string[]): Promise<Running>;
  /** The engine's list of what bears the key. */
  containers(): Promise<Docker.ContainerInfo[]>;
  /** Once nothing of it runs, and no waiter ends or is taken away any more. */
  settled(): Promise<Docker.ContainerInfo[]>;
  /** How often the payload has run. */
  ran(): Promise<number>;
  logOf(id: string): Promise<string>;
  cleanUp(): Promise<void>;
}

export interface Stage {
  readonly api: Docker;
  /** Id of the container in which launchers run, one process each. */
  readonly self: string;
  scene(): Promise<Scene>;
  cleanUp(): Promise<void>;
}

/** A container that goes on running, in which many launchers run at the same time: each costs a tenth of a second. */
export async function setStage(engine: LabEngine, flags: readonly string[] = []): Promise<Stage> {
  const lab = labOn(engine);
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-stage-'));
  await mkdir(join(folder, 'ran'));
  const self = await lab.start({
    name: 'stage',
    // Without a network of its own a container starts in a third of the time.
    flags: ['--network', 'none', '-v', `${folder}:${folder}`, ...flags],
    words: ['sh', '-c', 'while :; do sleep 3600; done'],
  });
  const { api } = lab;
  let count = 0;

  async function run(key: string, env: Environment, words: readonly string[]): Promise<Running> {
    const exec = await api.getContainer(self).exec({
      Cmd: ['/opt/offshoot/offshoot', ...words],
      Env: Object.entries({ ...env, OFFSHOOT_KEY: key }).map(([name, value]) => `${name}=${value}`),
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: false });
    return { ended: untilEnded(exec, stream), signal: (name) => signalTo(key, name) };
  }

  async function scene(): Promise<Scene> {
    const key = `${lab.mark}-${(count += 1)}`;
    const proxy = await startFaultProxy(engine.socket, folder);
    const notes = join(folder, 'ran', key);
    const containers = (): Promise<Docker.ContainerInfo[]> =>
      api.listContainers({ all: true, filters: { label: [`${label.key}=${key}`] } });
    return {
      key,
      proxy,
      note: `echo ran >>${notes}`,
      run: (env, ...words) => run(key, { DOCKER_HOST: `unix://${proxy.socket}`, ...env }, words),
      containers,
      async settled() {
        for (let quiet = 0; ; quiet += 1) {
          const all = await containers();
          if (!all.every(({ State }) => atRest.includes(State))) quiet = 0;
          // The engine ends a waiter before it removes it.
          if (quiet >= (all.some(({ Labels }) => Labels[label.role] === 'waiter') ? 10 : 1)) return all;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      },
      ran: async () => (await readFile(notes, 'utf8').catch(() => '')).split('\n').length - 1,
      logOf: async (id) => (await lab.logs(id)).stderr,
      async cleanUp() {
        await proxy.close();
        for (const { Id } of await containers())
          await api.getContainer(Id).remove({ force: true, v: true }).catch(ifGone);
      },
    };
  }

  return {
    api,
    self,
    scene,
    async cleanUp() {
      await lab.cleanUp();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Podman says `stopping` of a waiter that it takes away. */
const atRest = ['created', 'exited', 'dead'];

function ifGone(error: unknown): void {
  if (!/no such container|already in progress/i.test(String(error))) throw error;
}

async function untilEnded(exec: Docker.Exec, stream: NodeJS.ReadWriteStream): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  exec.modem.demuxStream(stream, stdout, stderr);
  const texts = Promise.all([text(stdout), text(stderr)]);
  await once(stream, 'end');
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  for (;;) {
    const { Running: runs, ExitCode } = await exec.inspect();
    if (!runs && ExitCode !== null) return { status: ExitCode, stdout: out, stderr: err, events: eventsIn(err) };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** By its environment: an engine under test counts processes in a way of its own. */
async function signalTo(key: string, name: NodeJS.Signals): Promise<void> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  const own = pids.filter((_, index) => environments[index]?.split('\0').includes(`OFFSHOOT_KEY=${key}`));
  if (own.length === 0) throw new Error(`no launcher of ${key} runs`);
  for (const pid of own) process.kill(Number(pid), name);
}
