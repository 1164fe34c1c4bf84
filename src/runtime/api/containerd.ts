import type { ContainerSpec } from '../container.ts';
import type { CallOptions } from './call.ts';

/** The first process of a container. */
export interface TaskRecord {
  /** Of the container. */
  readonly id: string;
  /** In the engine's process namespace; 0 when it does not run. */
  readonly pid: number;
  /** `created`: it waits for its start. */
  readonly status: 'created' | 'running' | 'paused' | 'stopped' | 'unknown';
  /** `undefined` until it has ended. */
  readonly exitCode: number | undefined;
}

export interface Tasks {
  /** The first processes of all containers that have one. */
  list(options?: CallOptions): Promise<TaskRecord[]>;
  /** Of one container; `undefined` where there is none. */
  get(id: string, options?: CallOptions): Promise<TaskRecord | undefined>;
  /**
   * Frees what is left of a process that has ended. The container stays, and can be started again. One that is not there is deleted.
   * @throws NotFoundError for the container; ConflictError for a task that runs, unless it is forced (killed)
   */
  delete(id: string, options?: CallOptions & { readonly force?: boolean | undefined }): Promise<void>;
}

export interface SnapshotOptions extends CallOptions {
  /** Of containerd: `overlayfs`, `native` …; default: that of this runtime. Elsewhere there is no choice. */
  readonly snapshotter?: string | undefined;
}

export interface SnapshotRecord {
  readonly name: string;
  readonly parent: string | undefined;
  readonly kind: 'active' | 'committed' | 'view';
  readonly createdAt: Date | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** As in `mount`. */
export interface SnapshotMount {
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** It stays mounted until somebody unmounts it, also when the runtime is closed. */
export interface MountedSnapshot {
  /** Here: a path that this process can use. */
  readonly folder: string;
  /** Of one that is committed. */
  readonly readOnly: boolean;
  /** Can be called again. */
  unmount(options?: CallOptions): Promise<void>;
}

/** Root file systems, in steps: committed ones, and writable ones (active) over them. They stay until they are removed. */
export interface Snapshots {
  /** All of the snapshotter. */
  list(options?: SnapshotOptions): Promise<SnapshotRecord[]>;
  /**
   * A writable one over the parent: one that is committed, or an image that is on the engine.
   * @throws NotFoundError for the parent; ConflictError where that is not committed; AlreadyExistsError
   */
  prepare(key: string, parent: string, options?: SnapshotOptions): Promise<void>;
  /**
   * What a writable one, or a container, has now, under a name. The writable one goes on, over it.
   * @throws NotFoundError; AlreadyExistsError for the name; ConflictError while it is mounted, and where it is committed
   */
  commit(name: string, key: string, options?: SnapshotOptions): Promise<void>;
  /** What would have to be mounted on the engine's host. @throws NotFoundError; ConflictError for one that is committed */
  mounts(key: string, options?: SnapshotOptions): Promise<SnapshotMount[]>;
  /** Mounts it here, in a new folder; one that is committed for reading alone. @throws NotFoundError; ConflictError where it is mounted already */
  mount(key: string, options?: SnapshotOptions): Promise<MountedSnapshot>;
  /** Removes it; one that is not there is fine. @throws ConflictError where others, or a container, are over it */
  remove(key: string, options?: SnapshotOptions): Promise<void>;
  /**
   * A container that begins with what it has now, and does not change it. Of images it has the settings of the one that
   * the snapshot has grown from.
   * @throws NotFoundError, and what `create` throws
   */
  createContainer(
    key: string,
    spec: Omit<ContainerSpec, 'image'>,
    options?: SnapshotOptions,
  ): Promise<{ id: string; warnings: readonly string[] }>;
}

export interface CniAttachment {
  /** In the container: `eth1`. */
  readonly interface: string;
  /** `10.88.0.7/16` */
  readonly addresses: readonly string[];
}

/** Networks by CNI plugins, for a container that runs: beside those that it was made with. */
export interface Cni {
  /**
   * Puts a container into a network. One that is attached already stays so.
   * @throws NotFoundError for the container or the network; ConflictError where it does not run
   * @throws EngineRefusedError in the words of the plugin, or where it gets no address; nothing is left attached then
   */
  attach(id: string, network: string, options?: CallOptions): Promise<CniAttachment>;
  /**
   * Takes it out again, and gives the addresses back, also of a container that has ended: nothing else does. One that is not attached is
   * detached.
   */
  detach(id: string, network: string, options?: CallOptions): Promise<void>;
}
