import { posix } from 'node:path';
import { NotFoundError } from '../../../errors.ts';
import { createCtr } from '../command/ctr.ts';
import type { NativeContainer } from '../read/native.ts';
import { snapshotStore } from '../snapshots/snapshot-store.ts';
import type { Tools } from '../connect/tools.ts';
import { usualAddress } from '../command/way.ts';

/** Where the root of a container is, running or not, in the words of `jailed`. */
export async function rootOf(tools: Tools, reference: string, signal: AbortSignal): Promise<readonly string[]> {
  const container = await tools.lookup.native(reference, signal);
  if (container === undefined) throw new NotFoundError('container', reference);
  const { ID, Process } = container;
  if (Process && /^(?:running|paused)$/.test(Process.Status.Status)) return [String(Process.Pid), ID, '', '0'];
  const needed = { operation: 'copies of what does not run', capability: 'copy' };
  const store = snapshotStore(createCtr(tools, needed), container.Snapshotter);
  const mounts = await store.mounts(container.SnapshotKey ?? ID, signal);
  const state = posix.dirname(tools.client.way.address ?? usualAddress);
  return [
    ...['0', ID, posix.join(state, 'io.containerd.runtime.v2.task', tools.namespace, ID, 'rootfs')],
    String(mounts.length),
    ...mounts.flatMap(({ type, source, options }) => [type, source, options.join(',') || 'defaults']),
    ...bindsOf(container),
  ];
}

function bindsOf({ Spec }: NativeContainer): string[] {
  return Spec.mounts
    .filter(({ type, options }) => type === 'bind' || options.some((option) => /^r?bind$/.test(option)))
    .flatMap(({ source, destination, options }) => [source, destination, options.includes('ro') ? 'ro' : 'rw']);
}
