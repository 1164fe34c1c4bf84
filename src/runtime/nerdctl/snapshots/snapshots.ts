import { randomUUID } from 'node:crypto';
import { ConflictError, NotFoundError, NotSupportedError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import * as is from '../../checks.ts';
import type { ContainerRecord, ContainerSpec } from '../../container.ts';
import type { SnapshotRecord } from '../../runtime.ts';
import { commitAndGoOn, removeWithUnnamed, unnamed } from './commit-snapshot.ts';
import { createCtr } from '../command/ctr.ts';
import { infoOf } from '../connect/info.ts';
import { isMounted, mountSnapshot } from './mount-snapshot.ts';
import { imagesBySnapshot, snapshotOfImage } from './snapshot-images.ts';
import { rootLabel, type SnapshotStore, snapshotStore, taken } from './snapshot-store.ts';
import { toItsEnd } from '../command/to-its-end.ts';
import type { Tools } from '../connect/tools.ts';

type Containers = Pick<Adapter, 'inspect' | 'create' | 'remove'>;

const undoMs = 10_000;

export function snapshotsOf(
  tools: Pick<Tools, 'client' | 'namespace' | 'env'>,
  containers: Containers,
): Adapter['snapshots'] {
  const { client, env } = tools;
  let usual: string | undefined;

  /** Where nobody names one, nerdctl's, which its containers have. */
  async function usualSnapshotter(signal: AbortSignal): Promise<string> {
    usual ??= env['CONTAINERD_SNAPSHOTTER'] || (await infoOf(client, signal)).Driver;
    return usual;
  }

  async function storeFor(
    operation: string,
    snapshotter: string | undefined,
    signal: AbortSignal,
  ): Promise<SnapshotStore> {
    const capability = operation.startsWith('mount') ? 'snapshotMount' : 'snapshots';
    const ctr = createCtr(tools, { operation: `snapshots.${operation}`, capability });
    return snapshotStore(ctr, snapshotter ?? (await usualSnapshotter(signal)));
  }

  /** The container whose file system it is. nerdctl and `ctr` call that as the container. */
  async function holder(key: string, signal: AbortSignal): Promise<ContainerRecord | undefined> {
    if (!isContainer(key)) return undefined;
    const record = await containers.inspect(key, { signal });
    return record?.id === key ? record : undefined;
  }

  /** A writable one: by its key, or the one of a container. @throws NotFoundError; ConflictError while it is written to */
  async function still(store: SnapshotStore, key: string, signal: AbortSignal): Promise<SnapshotRecord> {
    const own = await store.info(key, signal);
    const record =
      own === undefined && isContainer(key) ? await containers.inspect(key, { signal }) : await holder(key, signal);
    const found = own ?? (record && (await store.info(record.id, signal)));
    if (found === undefined) throw new NotFoundError('snapshot', key);
    if (found.kind !== 'active') return found;
    if (record?.state.running)
      throw new ConflictError(`${key} runs, and writes to it`, {
        hint: 'Stop it first; images.commit takes what a running container has.',
      });
    // Of one that has ended its mount may be left, and nobody writes to that.
    if (record === undefined) await checkUnmounted(store, found.name, signal);
    return found;
  }

  async function checkUnmounted(store: SnapshotStore, key: string, signal: AbortSignal): Promise<void> {
    if (await isMounted(client, await store.mounts(key, signal), signal))
      throw new ConflictError(`the snapshot ${key} is mounted`, { hint: 'Unmount it first.' });
  }

  return {
    async list({ snapshotter, signal }) {
      const store = await storeFor('list', snapshotter, signal);
      const keys = [...(await store.parents(signal)).keys()];
      const found = await Promise.all(keys.map((key) => store.info(key, signal)));
      return found.filter((one) => one !== undefined); // some may have gone meanwhile
    },

    async prepare(key, parent, { snapshotter, signal }) {
      const store = await storeFor('prepare', snapshotter, signal);
      const isSnapshot = (await store.info(parent, signal)) !== undefined;
      const below = isSnapshot || !isImage(parent) ? parent : await snapshotOfImage(client, parent, signal);
      if (below === undefined) throw new NotFoundError('snapshot', parent);
      try {
        await store.make('prepare', key, below, signal);
      } catch (error) {
        if (!(error instanceof NotFoundError) || below === parent) throw error;
        throw new NotFoundError('snapshot', parent, {
          hint: 'The image is not unpacked: create a container of it first.',
        });
      }
    },

    async commit(name, key, { snapshotter, signal }) {
      const store = await storeFor('commit', snapshotter, signal);
      const from = await still(store, key, signal);
      if ((await store.info(name, signal)) !== undefined) throw taken(name);
      await commitAndGoOn(store, name, from, signal);
    },

    async mounts(key, { snapshotter, signal }) {
      return (await storeFor('mounts', snapshotter, signal)).mounts(key, signal);
    },

    async mount(key, { snapshotter, signal }) {
      const store = await storeFor('mount', snapshotter, signal);
      return mountSnapshot(client, store, await still(store, key, signal), signal);
    },

    async remove(key, { snapshotter, signal }) {
      const store = await storeFor('remove', snapshotter, signal);
      const found = await store.info(key, signal);
      if (found === undefined) return;
      if (found.kind !== 'committed') {
        const user = await holder(key, signal);
        if (user !== undefined) throw new ConflictError(`the container ${user.name} uses the snapshot ${key}`);
        await checkUnmounted(store, key, signal);
      }
      await removeWithUnnamed(store, key, signal);
    },

    async createContainer(key, spec, { snapshotter, signal }) {
      const store = await storeFor('createContainer', snapshotter, signal);
      if (snapshotter !== undefined && snapshotter !== (await usualSnapshotter(signal)))
        throw otherSnapshotter(snapshotter);
      const from = await still(store, key, signal);
      const image = await imageBelow(store, from.name, signal);
      return toItsEnd(
        signal,
        async (until) => {
          const base = from.kind === 'committed' ? from.name : `${unnamed}${randomUUID()}`;
          if (base !== from.name) await commitAndGoOn(store, base, from, until);
          try {
            return await createOver(store, base, { ...spec, image }, until);
          } finally {
            // From now on it stays as long as something is over it.
            if (base !== from.name) await store.label(base, { [rootLabel]: '' }, until);
          }
        },
        async ({ id }) => containers.remove(id, { signal: AbortSignal.timeout(undoMs), force: true }),
      );
    },
  };

  /** Its own file system makes room for another, which goes with the container. */
  async function createOver(
    store: SnapshotStore,
    base: string,
    spec: ContainerSpec,
    signal: AbortSignal,
  ): Promise<{ id: string; warnings: readonly string[] }> {
    const made = await containers.create(spec, { signal });
    try {
      await store.remove(made.id, signal);
      await store.make('prepare', made.id, base, signal);
      return made;
    } catch (error) {
      await containers.remove(made.id, { signal: AbortSignal.timeout(undoMs), force: true });
      throw error;
    }
  }

  /** nerdctl makes no container without one: that which it has grown from. */
  async function imageBelow(store: SnapshotStore, key: string, signal: AbortSignal): Promise<string> {
    const [parents, images] = await Promise.all([store.parents(signal), imagesBySnapshot(client, signal)]);
    for (let at: string | undefined = key; at !== undefined; at = parents.get(at)) {
      const image = images.get(at);
      if (image !== undefined) return image;
    }
    throw new NotFoundError('image', `below the snapshot ${key}`, {
      hint: 'nerdctl makes containers of images alone: pull the one that it has grown from.',
    });
  }
}

function isContainer(text: string): boolean {
  return passes(is.container, text);
}

function isImage(text: string): boolean {
  return passes(is.image, text);
}

function passes(check: is.Check, text: string): boolean {
  try {
    check('key', text);
    return true;
  } catch {
    return false;
  }
}

function otherSnapshotter(snapshotter: string): NotSupportedError {
  const operation = 'snapshots.createContainer';
  const reason = `the containers of this runtime are not of the snapshotter ${snapshotter}`;
  return new NotSupportedError(`${operation} is not supported by nerdctl: ${reason}`, {
    ...{ runtime: 'nerdctl', operation, capability: 'containerFromSnapshot', reason },
    hint: `Connect with CONTAINERD_SNAPSHOTTER=${snapshotter}.`,
  });
}
