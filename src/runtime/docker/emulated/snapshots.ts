import {
  AlreadyExistsError,
  ConflictError,
  EngineRefusedError,
  NameTakenError,
  NotFoundError,
} from '../../../errors.ts';
import type { Adapter, Call } from '../../adapter.ts';
import * as is from '../../checks.ts';
import { notSupported } from '../../complete.ts';
import type { ContainerSpec } from '../../container.ts';
import type { SnapshotRecord } from '../../runtime.ts';
import { lacks } from './lacks.ts';
import { containerName, imageName, isSnapshot, label } from './snapshot-names.ts';

/** Of an image without a command, which no container could be made of. */
const nothing = ['/nothing'];

/** What containers and images can do for snapshots: a writable one is a container that never runs, a committed one an image. */
export function snapshotsOf(adapter: Adapter): Adapter['snapshots'] {
  const { images } = adapter;

  async function committed(name: string, { signal }: Call): Promise<string | undefined> {
    const reference = imageName(name);
    const image = await images.inspect(reference, { signal });
    return image?.config?.labels?.[label.committed] === name ? reference : undefined;
  }

  /** The container of a writable one. */
  async function active(key: string, { signal }: Call): Promise<string | undefined> {
    const record = await adapter.inspect(containerName(key), { signal });
    return record?.labels[label.active] === key ? record.id : undefined;
  }

  async function existing(key: string, options: Call): Promise<string> {
    const id = (await active(key, options)) ?? (await adapter.inspect(key, options))?.id;
    if (id !== undefined) return id;
    if ((await committed(key, options)) !== undefined) throw new ConflictError(`${key} is committed already`);
    throw new NotFoundError('snapshot', key);
  }

  async function parentImage(parent: string, options: Call): Promise<string> {
    const reference = await committed(parent, options);
    if (reference !== undefined) return reference;
    if (isImage(parent) && (await images.exists(parent, options))) return parent;
    if ((await active(parent, options)) !== undefined)
      throw new ConflictError(`the snapshot ${parent} is not committed`, { hint: 'Commit it first.' });
    throw new NotFoundError('snapshot', parent);
  }

  async function checkFree(name: string, options: Call): Promise<void> {
    const [image, container] = await Promise.all([committed(name, options), active(name, options)]);
    if (image !== undefined || container !== undefined) throw taken(name);
  }

  return {
    async list({ snapshotter, signal }) {
      const options = only(signal, 'list', snapshotter);
      const [containers, kept] = await Promise.all([
        adapter.list({ labels: { [label.active]: true }, all: true, ...options }),
        images.list({ labels: { [label.committed]: true }, ...options }),
      ]);
      return [
        ...containers
          .filter(({ name, labels }) => name === containerName(labels[label.active] ?? ''))
          .map(({ labels, createdAt }) => snapshotOf('active', labels[label.active], { labels, createdAt })),
        ...kept
          .filter(isSnapshot)
          .map(({ labels, createdAt }) => snapshotOf('committed', labels[label.committed], { labels, createdAt })),
      ];
    },

    async prepare(key, parent, { snapshotter, signal }) {
      const options = only(signal, 'prepare', snapshotter);
      const image = await parentImage(parent, options);
      await checkFree(key, options);
      const { config } = (await images.inspect(image, options)) ?? {};
      const runs = Boolean(config?.command?.length || config?.entrypoint?.length);
      const labels = { [label.active]: key, [label.parent]: parent };
      const spec = { name: containerName(key), image, labels, networkMode: 'none', ...(!runs && { command: nothing }) };
      try {
        await adapter.create(spec, options);
      } catch (error) {
        throw error instanceof NameTakenError ? taken(key, error) : error;
      }
    },

    async commit(name, key, { snapshotter, signal }) {
      const options = only(signal, 'commit', snapshotter);
      const id = await existing(key, options);
      await checkFree(name, options);
      const { labels, image } = (await adapter.inspect(id, options)) ?? {};
      const isOurs = labels?.[label.active] === key;
      const parent = isOurs ? labels[label.parent] : image?.reference;
      const changes = [
        `LABEL ${label.committed}=${name}`,
        ...(parent === undefined ? [] : [`LABEL ${label.parent}=${parent}`]),
      ];
      await images.commit(id, { reference: imageName(name), changes }, options);
    },

    mounts: async () => Promise.reject(noMount('mounts')),
    mount: async () => Promise.reject(noMount('mount')),

    async remove(key, { snapshotter, signal }) {
      const options = only(signal, 'remove', snapshotter);
      const [container, image] = await Promise.all([active(key, options), committed(key, options)]);
      if (container !== undefined) await adapter.remove(container, options);
      if (image !== undefined) await images.remove(image, { ignoreMissing: true, ...options });
    },

    async createContainer(key, spec, { snapshotter, signal }) {
      const options = only(signal, 'createContainer', snapshotter);
      const image = await committed(key, options);
      if (image !== undefined) return create({ ...spec, image }, options);
      const { id } = await images.commit(await existing(key, options), {}, options);
      try {
        return await create({ ...spec, image: id }, options);
      } catch (error) {
        const undone = images.remove(id, { signal: AbortSignal.timeout(takeBackMs) }).catch(() => {});
        if (!signal.aborted) await undone;
        throw error;
      }
    },
  };

  async function create(spec: ContainerSpec, options: Call): Promise<{ id: string; warnings: readonly string[] }> {
    const { config } = (await images.inspect(spec.image, options)) ?? {};
    const isAsked = Boolean(spec.command?.length || spec.entrypoint?.length);
    if (!isAsked && config?.command?.[0] === nothing[0])
      throw new EngineRefusedError(`${spec.name} has no command: neither its image nor its spec names one`);
    return adapter.create(spec, options);
  }

  function noMount(operation: string): Error {
    return notSupported(adapter.kind, `snapshots.${operation}`, 'snapshotMount', lacks.snapshotMount);
  }

  function only(signal: AbortSignal, operation: string, snapshotter: string | undefined): Call {
    if (snapshotter !== undefined)
      throw notSupported(
        adapter.kind,
        `snapshots.${operation} with a snapshotter`,
        'snapshots',
        'they are emulated by containers and images',
      );
    return { signal };
  }
}

const takeBackMs = 10_000;

function snapshotOf(
  kind: 'active' | 'committed',
  name: string | undefined,
  { labels, createdAt }: Pick<SnapshotRecord, 'labels'> & { readonly createdAt?: Date | undefined },
): SnapshotRecord {
  return { name: name ?? '', kind, parent: labels[label.parent], createdAt, labels };
}

function isImage(text: string): boolean {
  try {
    is.image('parent', text);
    return true;
  } catch {
    return false;
  }
}

function taken(name: string, cause?: Error): AlreadyExistsError {
  return new AlreadyExistsError(`there is a snapshot ${name} already`, { cause });
}
