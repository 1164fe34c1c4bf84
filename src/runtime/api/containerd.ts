import type { ContainerSpec } from '../container.ts';
import type { CallOptions } from './call.ts';

/** The process of a container. */
export interface TaskRecord {
  /** Of the container. */
  readonly id: string;
  /** 0 when it does not run. */
  readonly pid: number;
  readonly status: 'created' | 'running' | 'paused' | 'stopped' | 'unknown';
  /** `undefined` until it has ended. */
  readonly exitCode: number | undefined;
}

export interface Tasks {
  list(options?: CallOptions): Promise<TaskRecord[]>;
  /** `undefined` where there is none. */
  get(id: string, options?: CallOptions): Promise<TaskRecord | undefined>;
  /** The container stays. @throws ConflictError for one that runs, unless it is forced */
  delete(id: string, options?: CallOptions & { readonly force?: boolean | undefined }): Promise<void>;
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

export interface MountedSnapshot {
  /** Here. */
  readonly folder: string;
  unmount(): Promise<void>;
}

/** Root file systems, in steps. */
export interface Snapshots {
  list(options?: CallOptions): Promise<SnapshotRecord[]>;
  /** A writable one, over one that is committed. @throws NotFoundError, AlreadyExistsError */
  prepare(key: string, parent: string, options?: CallOptions): Promise<void>;
  /** What a writable one, or a container, has now, under a name. @throws NotFoundError, AlreadyExistsError */
  commit(name: string, key: string, options?: CallOptions): Promise<void>;
  mounts(key: string, options?: CallOptions): Promise<SnapshotMount[]>;
  mount(key: string, options?: CallOptions): Promise<MountedSnapshot>;
  /** One that is not there is removed. */
  remove(key: string, options?: CallOptions): Promise<void>;
  /** A container that begins with it. */
  createContainer(key: string, spec: Omit<ContainerSpec, 'image'>, options?: CallOptions): Promise<{ id: string }>;
}

export interface CniAttachment {
  /** `10.88.0.7/16` */
  readonly addresses: readonly string[];
}

/** Networks by CNI plugins, for a container that runs. */
export interface Cni {
  /** @throws EngineRefusedError where it gets no address */
  attach(id: string, network: string, options?: CallOptions): Promise<CniAttachment>;
  detach(id: string, network: string, options?: CallOptions): Promise<void>;
}
