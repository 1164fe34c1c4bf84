import { randomBytes } from 'node:crypto';
import { execa } from 'execa';
import type { TestEngine } from './global-engines.ts';

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One container as `docker inspect` shows it, as far as tests look. */
export interface Inspected {
  Id: string;
  Name: string;
  Image: string;
  State: { Status: string; Running: boolean; ExitCode: number; Pid: number; StartedAt: string; FinishedAt: string };
  Config: {
    Env: string[] | null;
    Cmd: string[] | null;
    Entrypoint: string[] | null;
    Labels: Record<string, string>;
    Tty: boolean;
    Image: string;
  };
  HostConfig: { Binds: string[] | null; NetworkMode: string; PidMode: string; Privileged: boolean; Mounts?: unknown[] };
}

export type Docker = ReturnType<typeof dockerOf>;

/**
 * The docker command line against one engine, for one test: everything that it makes bears a mark of its own (a label
 * for containers started with `run`), and `cleanUp` removes what is left of it.
 */
export function dockerOf(engine: TestEngine) {
  const mark = `test-${randomBytes(5).toString('hex')}`;
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: '/nonexistent' };

  async function call(...args: string[]): Promise<Finished> {
    const { exitCode, stdout, stderr } = await execa(engine.docker, args, { env, reject: false, stdin: 'ignore' });
    return { exitCode: exitCode ?? -1, stdout, stderr };
  }

  async function ok(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await call(...args);
    if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${exitCode}: ${stderr}`);
    return stdout;
  }

  return {
    mark,
    engine,
    call,
    ok,
    /** Not awaited: for what is interrupted or watched while it runs. */
    spawn: (...args: string[]) => execa(engine.docker, args, { env, reject: false, stdin: 'ignore' }),
    /** `docker run` with the test's label; a name is up to the caller. */
    run: (...args: string[]): Promise<Finished> => call('run', '--label', mark, ...args),
    async inspect(reference: string): Promise<Inspected> {
      const [inspected] = JSON.parse(await ok('inspect', '--type', 'container', reference)) as Inspected[];
      if (inspected === undefined) throw new Error(`no container ${reference}`);
      return inspected;
    },
    /** Ids of all containers, running or not, that offshoot made for the container `parent`. */
    async childrenOf(parent: string): Promise<string[]> {
      const out = await ok('ps', '-aq', '--no-trunc', '--filter', `label=io.offshoot.parent=${parent}`);
      return out.split('\n').filter(Boolean);
    },
    async cleanUp(): Promise<void> {
      // Podman does not remove a container while others depend on it.
      for (let round = 0; round < 3; round += 1) {
        const own = (await ok('ps', '-aq', '--no-trunc', '--filter', `label=${mark}`)).split('\n').filter(Boolean);
        const children = await Promise.all(own.map((id) => this.childrenOf(id)));
        const all = [...own, ...children.flat()];
        if (all.length === 0) return;
        await call('rm', '-f', '-v', ...all);
      }
    },
  };
}

/** The engine's socket at its usual place in a container. */
export function socketMount({ socket }: TestEngine): string[] {
  return ['-v', `${socket}:/var/run/docker.sock`];
}
