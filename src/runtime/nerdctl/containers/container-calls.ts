import { ConflictError, NameTakenError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import { isMissing, refusal } from '../command/failures.ts';
import { healthOf } from './health.ts';
import type { NativeContainer } from '../read/native.ts';
import { statsOf } from './stats.ts';
import type { Tools } from '../connect/tools.ts';
import { noStdin } from '../command/words.ts';

type ContainerCalls = Pick<
  Adapter,
  'pause' | 'unpause' | 'rename' | 'health' | 'stats' | 'writeStdin' | 'networkNamespacePath' | 'hostsPath'
>;

/** What the launcher does not ask of a container. */
export function containerCallsOf(tools: Tools): ContainerCalls {
  const { client, lookup } = tools;

  async function native(id: string, signal: AbortSignal): Promise<NativeContainer> {
    const found = await lookup.native(id, signal);
    if (found === undefined) throw new NotFoundError('container', id);
    return found;
  }

  async function running(id: string, signal: AbortSignal): Promise<{ container: NativeContainer; pid: number }> {
    const container = await native(id, signal);
    const { Process } = container;
    // Otherwise it would be a path of nobody, or of another process that has got its number.
    if (!Process || Process.Pid === 0 || !/^(?:running|paused)$/.test(Process.Status.Status))
      throw new ConflictError(`${id} does not run`);
    return { container, pid: Process.Pid };
  }

  /** Content with what is so already. */
  async function freeze(id: string, verb: 'pause' | 'unpause', signal: AbortSignal): Promise<void> {
    const answer = await client.run([verb, id], { signal });
    if (answer.exitCode === 0) return;
    const state = isMissing(answer) ? undefined : await lookup.state(id, signal);
    if (state === undefined) throw new NotFoundError('container', id, { cause: refusal(answer, `${verb} it`) });
    if (state.status === (verb === 'pause' ? 'paused' : 'running')) return;
    throw state.running ? refusal(answer, `${verb} ${id}`) : new ConflictError(`${id} does not run`);
  }

  return {
    pause: (id, { signal }) => freeze(id, 'pause', signal),
    unpause: (id, { signal }) => freeze(id, 'unpause', signal),

    async rename(id, name, { signal }) {
      const answer = await client.run(['rename', id, name], { signal });
      if (answer.exitCode === 0) return;
      if (isMissing(answer)) throw new NotFoundError('container', id);
      const refused = refusal(answer, `rename ${id}`);
      throw /is already used by/.test(refused.message)
        ? new NameTakenError(`the name ${name} is in use`, { cause: refused })
        : refused;
    },

    health: (id, { signal }) => healthOf(tools, id, signal),

    async stats(id, { signal }) {
      const { container, pid } = await running(id, signal);
      return statsOf(tools, { id: container.ID, pid }, signal);
    },

    writeStdin: async () => Promise.reject(notSupported('nerdctl', 'writeStdin', 'writeStdin', noStdin)),

    networkNamespacePath: async (id, { signal }) => `/proc/${(await running(id, signal)).pid}/ns/net`,

    async hostsPath(id, { signal }) {
      const { Spec } = await native(id, signal);
      const hosts = Spec.mounts.find(({ destination }) => destination === '/etc/hosts');
      if (hosts === undefined) throw new ConflictError(`${id} has no /etc/hosts of its own`);
      return hosts.source;
    },
  };
}
