import { ConflictError, EngineRefusedError } from '../../../errors.ts';
import type { SnapshotRecord } from '../../runtime.ts';
import { rootLabel, type SnapshotStore } from './snapshot-store.ts';
import { toItsEnd } from '../command/to-its-end.ts';

/** containerd's own commit takes the writable one away; here it goes on, over what was committed. */
export async function commitAndGoOn(
  store: SnapshotStore,
  name: string,
  from: SnapshotRecord,
  signal: AbortSignal,
): Promise<void> {
  if (from.kind !== 'active') throw new ConflictError(`${from.name} is ${from.kind} already`);
  const commit = async (until: AbortSignal): Promise<void> => {
    await store.commit(name, from.name, until);
    try {
      await store.make('prepare', from.name, name, until);
      const { [rootLabel]: _, ...labels } = from.labels;
      await store.label(from.name, labels, until);
    } catch (error) {
      throw new EngineRefusedError(
        `${from.name} was committed as ${name}, and there is no writable one over it: ctr snapshots prepare ${from.name} ${name}`,
        { cause: error },
      );
    }
  };
  return toItsEnd(signal, commit, async () => {});
}

/** What a container was made of that nobody has given a name: it is there as long as something is over it. */
export const unnamed = 'offshoot-unnamed-';

/** containerd collects them some time later, and until then they are in the way of what is below. */
export async function removeWithUnnamed(store: SnapshotStore, key: string, signal: AbortSignal): Promise<void> {
  const parents = await store.parents(signal);
  const over = [...parents].filter(([name, parent]) => parent === key && name.startsWith(unnamed));
  for (const [name] of over) await removeWithUnnamed(store, name, signal);
  try {
    await store.remove(key, signal);
  } catch (error) {
    const isBelow = [...(await store.parents(signal)).values()].includes(key);
    if (!(error instanceof ConflictError) || isBelow) throw error;
    // containerd 1.6 does not forget a child that it has collected: it has to collect the parent, too.
    await store.label(key, { [rootLabel]: '' }, signal);
    await store.collect(signal);
    if ((await store.info(key, signal)) !== undefined) throw error;
  }
}
