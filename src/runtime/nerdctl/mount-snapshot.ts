import { randomUUID } from 'node:crypto';
import { ConflictError, EngineRefusedError } from '../../errors.ts';
import type { MountedSnapshot, SnapshotMount } from '../runtime.ts';
import type { Client } from './client.ts';
import { reasonIn } from './log-lines.ts';

const undoMs = 10_000;
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

/** `gone` is called when it is unmounted for good. */
export async function mountSnapshot(
  client: Client,
  { mounts, readOnly, signal }: { mounts: readonly SnapshotMount[]; readOnly: boolean; signal: AbortSignal },
  gone: (signal: AbortSignal) => Promise<void>,
): Promise<MountedSnapshot> {
  const folder = `/tmp/offshoot-snapshot-${randomUUID()}`;
  let over = false;

  async function unmount(until: AbortSignal): Promise<void> {
    if (over) return;
    const { exitCode, stderr } = await client.runProgram(['sh', '-c', unmountAll, 'sh', folder], { signal: until });
    if (exitCode !== 0) throw new ConflictError(`${folder} cannot be unmounted: ${reasonIn(stderr)}`);
    await gone(until);
    over = true;
  }

  const words = mounts.flatMap(({ type, source, options }) => [type, source, options.join(',') || 'defaults']);
  try {
    const { exitCode, stderr } = await client.runProgram(['sh', '-c', mountAll, 'sh', folder, ...words], { signal });
    if (exitCode !== 0) throw new EngineRefusedError(`the snapshot cannot be mounted: ${reasonIn(stderr)}`);
  } catch (error) {
    // Not by the caller's signal: what was mounted is unmounted also when that was the reason.
    void unmount(AbortSignal.timeout(undoMs)).catch(() => {});
    throw error;
  }
  return {
    // Its host's first process shows what the host has mounted.
    folder: client.way.onHost ? `/proc/1/root${folder}` : folder,
    readOnly,
    unmount: async ({ signal: until = AbortSignal.timeout(undoMs) } = {}) => unmount(until),
  };
}
