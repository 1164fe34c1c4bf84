import * as z from 'zod';
import { ConflictError, EngineRefusedError, NameTakenError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import type { HealthStatus } from '../../runtime.ts';
import { pause } from '../../../timing.ts';
import { ask, askJson, pathOf, tell } from '../wire/ask.ts';
import type { Connection } from '../connect/connect.ts';
import { slowCallMs } from './create-container.ts';
import { read, text } from '../wire/read.ts';
import { readStats } from './stats.ts';
import { isOlder } from '../connect/version.ts';

type ContainerCalls = Pick<
  Adapter,
  'stop' | 'pause' | 'unpause' | 'rename' | 'health' | 'stats' | 'writeStdin' | 'networkNamespacePath' | 'hostsPath'
>;

const state = z.object({
  Id: z.string(),
  HostsPath: text,
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    Pid: z.number(),
    Health: z.object({ Status: text }).nullish(),
    // So Podman calls it.
    Healthcheck: z.object({ Status: text }).nullish(),
  }),
  Config: z.object({ OpenStdin: z.boolean().default(false) }),
});

/** @param gently stops by a signal and a wait, and can leave it running */
export function containerCalls({ api, apiVersion, libpod }: Connection, gently: Adapter['stop']): ContainerCalls {
  async function inspected(id: string, signal: AbortSignal): Promise<z.infer<typeof state>> {
    const expected = { what: 'inspect the container', missing: ['container', id] } as const;
    const answer = await askJson(api, { method: 'GET', path: pathOf(id, 'json'), signal }, expected);
    return read('container', () => state.parse(answer));
  }

  async function pid(id: string, signal: AbortSignal): Promise<number> {
    const { State } = await inspected(id, signal);
    // Otherwise it would be a path of nobody: /proc/0.
    if (!State.Running || State.Pid === 0) throw notRunning(id);
    return State.Pid;
  }

  /** Content with what is so already. */
  async function freeze(id: string, verb: 'pause' | 'unpause', signal: AbortSignal): Promise<void> {
    const request = { method: 'POST', path: pathOf(id, verb), signal } as const;
    try {
      await tell(api, request, { what: `${verb} the container`, accepted: [204], missing: ['container', id] });
    } catch (error) {
      if (!(error instanceof EngineRefusedError) || error instanceof NotFoundError) throw error;
      const { Status } = (await inspected(id, signal)).State;
      if (Status === (verb === 'pause' ? 'paused' : 'running')) return;
      throw Status === 'running' || Status === 'paused' ? error : notRunning(id);
    }
  }

  return {
    async stop(id, options) {
      const { stopSignal, timeoutMs = 10_000, force = true, signal } = options;
      if (!force || (stopSignal !== undefined && isOlder(apiVersion, '1.42'))) return gently(id, options);
      const query = { t: Math.ceil(timeoutMs / 1000), ...(stopSignal !== undefined && { signal: stopSignal }) };
      const request = {
        method: 'POST',
        path: pathOf(id, 'stop'),
        query,
        signal,
        timeoutMs: timeoutMs + slowCallMs,
      } as const;
      return tell(api, request, { what: 'stop the container', accepted: [204, 304], missing: ['container', id] });
    },

    pause: (id, { signal }) => freeze(id, 'pause', signal),
    unpause: (id, { signal }) => freeze(id, 'unpause', signal),

    async rename(id, name, { signal }) {
      const request = { method: 'POST', path: pathOf(id, 'rename'), query: { name }, signal } as const;
      try {
        await tell(api, request, { what: 'rename the container', accepted: [204], missing: ['container', id] });
      } catch (error) {
        if (error instanceof ConflictError || (error instanceof Error && /already in use/.test(error.message)))
          throw new NameTakenError(`the name ${name} is in use`, { cause: error });
        throw error;
      }
    },

    async health(id, { signal }) {
      const { State } = await inspected(id, signal);
      const said = State.Health?.Status ?? State.Healthcheck?.Status;
      const status = healthStatuses.find((one) => one === said) ?? 'none';
      if (libpod === undefined || status === 'none' || !State.Running) return status;
      const { checkOnce, hasTimers } = await import('./podman-health.ts');
      return (await hasTimers(libpod, signal)) ? status : ((await checkOnce(libpod, id, signal)) ?? status);
    },

    async stats(id, { signal }) {
      // An engine answers for one that does not run with zeros.
      await pid(id, signal);
      const request = { method: 'GET', path: pathOf(id, 'stats'), query: { stream: false }, signal } as const;
      const sample = (): Promise<unknown> =>
        askJson(api, request, { what: 'tell what it uses', missing: ['container', id] });
      const first = await sample();
      const stats = readStats(first);
      if (stats.cpu.percent !== undefined) return stats;
      // Podman measures once.
      await pause(1_000, signal);
      return readStats(await sample(), first);
    },

    async writeStdin(id, data, { signal }) {
      const { State, Config, Id } = await inspected(id, signal);
      if (!State.Running) throw notRunning(id);
      if (!Config.OpenStdin)
        throw new ConflictError(`${id} was made without an open standard input`, {
          hint: 'Create it with openStdin (docker run -i).',
        });
      const query = { stream: true, stdin: true };
      const request = { method: 'POST', path: pathOf(Id, 'attach'), query, upgrade: true, signal } as const;
      const response = await ask(api, request, { what: 'take input', accepted: [101], missing: ['container', id] });
      const connection = response.hijack?.();
      try {
        await connection?.write(data);
        // What is in the socket's buffer is sent before it is closed.
        await connection?.closeInput();
        for await (const _ of connection?.output ?? []);
      } finally {
        connection?.close();
      }
    },

    networkNamespacePath: async (id, { signal }) => `/proc/${await pid(id, signal)}/ns/net`,

    async hostsPath(id, { signal }) {
      const { HostsPath } = await inspected(id, signal);
      if (HostsPath === undefined) throw new ConflictError(`${id} has no /etc/hosts of its own until it is started`);
      return HostsPath;
    },
  };
}

const healthStatuses: readonly HealthStatus[] = ['starting', 'healthy', 'unhealthy'];

function notRunning(id: string): ConflictError {
  return new ConflictError(`${id} does not run`);
}
