import * as z from 'zod';
import { ConflictError, EngineRefusedError, NotFoundError } from '../../../errors.ts';
import type { Adapter, Call } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import type { ContainerRecord } from '../../container.ts';
import type { CniAttachment } from '../../runtime.ts';
import { type Attached, cniCache } from './cni-cache.ts';
import { type Attachment, cniPlugins, type CniResult, type NetworkList, networkList } from './cni-plugins.ts';
import { refusal } from '../command/failures.ts';
import { read } from '../command/read.ts';
import { toItsEnd } from '../command/to-its-end.ts';
import type { Tools } from '../connect/tools.ts';

const undoMs = 10_000;
/** Where distributions and nerdctl have them. */
const usualFolders = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni', '/usr/local/libexec/cni'];

/**
 * Interfaces of the container, if our process ids and our network are those of the host: `eth0` a line. The plugins
 * would change another's network.
 */
const interfacesOf =
  'grep -q "$2" "/proc/$1/cgroup" && [ "$(readlink /proc/self/ns/net)" = "$(readlink /proc/1/ns/net)" ] || exit 9; sed -n "s/^ *\\([^ :]*\\):.*/\\1/p" "/proc/$1/net/dev"';

export function cniOf(
  { client, namespace, env }: Pick<Tools, 'client' | 'namespace' | 'env'>,
  { inspect }: Pick<Adapter, 'inspect'>,
): Adapter['cni'] {
  const cache = cniCache(client);

  async function plugins(signal: AbortSignal): Promise<ReturnType<typeof cniPlugins>> {
    const { stdout } = await client.runProgram(['sh', '-c', 'cat /etc/nerdctl/nerdctl.toml 2>/dev/null; true'], {
      signal,
    });
    const [, configured] = /^\s*cni_path\s*=\s*["']([^"']+)["']/m.exec(stdout) ?? [];
    const folders = [env['CNI_PATH'], configured, ...usualFolders].filter((one) => one !== undefined && one !== '');
    return cniPlugins(client, folders.join(':'));
  }

  async function networkCalled(name: string, signal: AbortSignal): Promise<NetworkList> {
    const answer = await client.run(['network', 'inspect', '--mode=native', '--', name], { signal });
    const said = answer.stdout.trim();
    const all = said.startsWith('[') ? read('network', said, z.array(z.object({ CNI: networkList }))) : [];
    const found = all.find(({ CNI }) => CNI.name === name);
    if (found !== undefined) return found.CNI;
    if (answer.exitCode === 0 || /no network found|unable to find any network/.test(answer.stderr))
      throw new NotFoundError('network', name);
    throw refusal(answer, 'inspect the network');
  }

  /** `undefined`: it does not run. */
  async function interfaces(
    { id, state }: ContainerRecord,
    operation: string,
    signal: AbortSignal,
  ): Promise<string[] | undefined> {
    if (!state.running) return undefined;
    const answer = await client.runProgram(['sh', '-c', interfacesOf, 'sh', String(state.pid), id], { signal });
    if (answer.exitCode === 0) return answer.stdout.split('\n').filter(Boolean);
    throw notSupported(
      'nerdctl',
      `cni.${operation}`,
      'cni',
      'it needs the process ids and the network of the host here',
    );
  }

  /**
   * As nerdctl's own hooks call it; a start of its own is added to ours. What a plugin leaves behind of one that has ended
   * (rules of iptables) would be in the way of the next.
   */
  const cniId = (id: string): string => `${namespace}-${id}`;

  async function add(network: NetworkList, where: Attachment, signal: AbortSignal): Promise<CniResult> {
    const cni = await plugins(signal);
    const undo = async (): Promise<void> => cni.remove(network, where, undefined, signal).catch(() => {});
    for (let isFirst = true; ; isFirst = false) {
      try {
        const result = await cni.add(network, where, signal);
        if (result.ips?.length) return result;
        throw new EngineRefusedError(`the network ${network.name} has given no address`);
      } catch (error) {
        await undo();
        // Left by one of the same name that nobody has detached.
        const isLeft = error instanceof EngineRefusedError && /duplicate allocation/.test(error.message);
        if (!isLeft || !isFirst) throw error;
      }
    }
  }

  async function remove(pid: number, attached: Attached, signal: AbortSignal): Promise<void> {
    const where = { ...attached, namespace: pid === 0 ? '' : namespaceOf(pid) };
    await (await plugins(signal)).remove(attached.network, where, attached.result, signal);
    await cache.forget(attached, signal);
  }

  return {
    async attach(id, name, { signal }) {
      const record = await inspect(id, { signal });
      if (record === undefined) throw new NotFoundError('container', id);
      const taken = await interfaces(record, 'attach', signal);
      if (taken === undefined) throw new ConflictError(`${id} does not run`);
      const before = await cache.find(name, cniId(record.id), signal);
      if (before !== undefined && taken.includes(before.interface)) return told(before);
      // It was started again since.
      if (before !== undefined) await remove(0, before, signal);
      const network = await networkCalled(name, signal);
      const where = {
        containerId: `${cniId(record.id)}-${record.state.pid}`,
        namespace: namespaceOf(record.state.pid),
        interface: freeName(taken),
      };
      return told(
        await toItsEnd(
          signal,
          async (until) => {
            const attached = { ...where, network, result: await add(network, where, until) };
            try {
              await cache.keep(attached, until);
              return attached;
            } catch (error) {
              await remove(record.state.pid, attached, until);
              throw error;
            }
          },
          async (attached) => remove(record.state.pid, attached, AbortSignal.timeout(undoMs)),
        ),
      );
    },

    async detach(id, name, { signal }: Call) {
      const record = await inspect(id, { signal });
      const full = record?.id ?? id;
      const attached = await cache.find(name, cniId(full), signal);
      if (attached === undefined) return;
      if (record !== undefined) await interfaces(record, 'detach', signal);
      const pid = record?.state.running ? record.state.pid : 0;
      await toItsEnd(
        signal,
        async (until) => remove(pid, attached, until),
        async () => {},
      );
    },
  };
}

function namespaceOf(pid: number): string {
  return `/proc/${pid}/ns/net`;
}

function freeName(taken: readonly string[]): string {
  for (let number = 0; ; number += 1) if (!taken.includes(`eth${number}`)) return `eth${number}`;
}

function told(attached: Attached): CniAttachment {
  return { interface: attached.interface, addresses: (attached.result.ips ?? []).map(({ address }) => address) };
}
