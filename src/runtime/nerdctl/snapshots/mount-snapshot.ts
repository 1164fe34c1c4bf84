import { randomUUID } from 'node:crypto';
import { ConflictError, EngineRefusedError } from '../../../errors.ts';
import type { MountedSnapshot, SnapshotMount, SnapshotRecord } from '../../runtime.ts';
import type { Client } from '../command/client.ts';
import { reasonIn } from '../command/log-lines.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { toItsEnd } from '../command/to-its-end.ts';

const longestMs = 30_000;
/** Each mount, one over the other: FOLDER, then TYPE SOURCE OPTIONS for each. */
const mountAll =
  'folder=$1; shift; mkdir -m 700 "$folder" || exit; while [ $# -gt 0 ]; do mount -t "$1" -o "$3" "$2" "$folder" || exit; shift 3; done';
const unmountAll = 'while mountpoint -q "$1"; do umount "$1" || exit; done; [ ! -d "$1" ] || rmdir "$1"';

/** Is it mounted somewhere on the host of containerd? Two mounts of one writable folder would spoil it. */
export async function isMounted(
  client: Client,
  mounts: readonly SnapshotMount[],
  signal: AbortSignal,
): Promise<boolean> {
  const upper = mounts.flatMap(({ options }) => options.filter((option) => option.startsWith('upperdir=')));
  if (upper.length === 0) return false;
  const { stdout } = await client.runProgram(['sh', '-c', 'cat /proc/self/mountinfo'], { signal });
  return stdout.split('\n').some((line) => upper.some((option) => line.split(/[ ,]/).includes(option)));
}

export async function mountSnapshot(
  client: Client,
  store: SnapshotStore,
  { name, kind }: Pick<SnapshotRecord, 'name' | 'kind'>,
  signal: AbortSignal,
): Promise<MountedSnapshot> {
  const mount = async (until: AbortSignal): Promise<MountedSnapshot> =>
    kind === 'committed' ? mountView(client, store, name, until) : mountKey(client, store, { name, kind }, until);
  return toItsEnd(signal, mount, (mounted) => mounted.unmount());
}

/** Nobody can write to it, and containerd tells no mounts of it but these. */
async function mountView(
  client: Client,
  store: SnapshotStore,
  name: string,
  signal: AbortSignal,
): Promise<MountedSnapshot> {
  const view = `offshoot-view-${randomUUID()}`;
  await store.make('view', view, name, signal);
  const drop = async (): Promise<void> => store.remove(view, AbortSignal.timeout(longestMs));
  try {
    const mounted = await mountKey(client, store, { name: view, kind: 'view' }, signal);
    return {
      ...mounted,
      async unmount(options) {
        await mounted.unmount(options);
        await drop();
      },
    };
  } catch (error) {
    await drop();
    throw error;
  }
}

async function mountKey(
  client: Client,
  store: SnapshotStore,
  { name, kind }: Pick<SnapshotRecord, 'name' | 'kind'>,
  signal: AbortSignal,
): Promise<MountedSnapshot> {
  const folder = `/tmp/offshoot-snapshot-${randomUUID()}`;
  const mounts = await store.mounts(name, signal);
  const words = mounts.flatMap(({ type, source, options }) => [type, source, options.join(',') || 'defaults']);
  const { exitCode, stderr } = await client.runProgram(['sh', '-c', mountAll, 'sh', folder, ...words], { signal });
  const unmount = async (until: AbortSignal): Promise<void> => {
    const answer = await client.runProgram(['sh', '-c', unmountAll, 'sh', folder], { signal: until });
    if (answer.exitCode !== 0) throw new ConflictError(`${folder} cannot be unmounted: ${reasonIn(answer.stderr)}`);
  };
  if (exitCode !== 0) {
    await unmount(signal);
    throw new EngineRefusedError(`the snapshot cannot be mounted: ${reasonIn(stderr)}`);
  }
  return {
    // Its host's first process shows what the host has mounted.
    folder: client.way.onHost ? `/proc/1/root${folder}` : folder,
    readOnly: kind === 'view',
    unmount: async ({ signal: until = AbortSignal.timeout(longestMs) } = {}) => unmount(until),
  };
}
