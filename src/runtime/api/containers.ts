import type {
  ContainerRecord,
  ContainerSettings,
  ContainerSpec,
  ContainerState,
  ContainerSummary,
} from '../container.ts';
import type { ByteStream, CallOptions, Data, OutputChunk } from './call.ts';

export interface LogOptions extends CallOptions {
  /** Only the last so many lines. */
  readonly tail?: number | undefined;
  /** Go on until the container ends. */
  readonly follow?: boolean | undefined;
  /** Only what was said at that time and later. */
  readonly since?: Date | undefined;
}

/** Containers that fulfil all of it. */
export interface ContainerFilter {
  /** Stopped ones too; default: only where labels are asked for. */
  readonly all?: boolean | undefined;
  /** All of these, with exactly these values; `true`: with any. At least one. */
  readonly labels?: Readonly<Record<string, string | true>> | undefined;
  /** Whole names. */
  readonly names?: readonly string[] | undefined;
}

/** Docker's words, and two of ours: no such container; a word that we do not know. */
export type ContainerStatus =
  | 'created'
  | 'running'
  | 'paused'
  | 'restarting'
  | 'removing'
  | 'exited'
  | 'dead'
  | 'notFound'
  | 'unknown';

export type HealthStatus = 'none' | 'starting' | 'healthy' | 'unhealthy';

export interface StopOptions extends CallOptions {
  /** `SIGTERM`, `TERM`, `15`; default: the container's own stop signal. */
  readonly stopSignal?: string | undefined;
  /** How long it may take to end; default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Kill it when the time is over (default), or reject with a `StopTimeoutError` and let it run. */
  readonly force?: boolean | undefined;
}

export interface WaitUntilRunningOptions extends CallOptions {
  /** Default 900 000. */
  readonly timeoutMs?: number | undefined;
}

/** A process of a container, as the engine's host sees it. */
export interface HostProcess {
  readonly pid: number;
  /** The kernel's name of it, 15 characters at most. */
  readonly comm: string;
  /** The inode of its mount namespace. */
  readonly mountNamespace: string;
}

/** What creating a container would ask of an engine, in the words of Docker's API. */
export interface CreateRequest {
  readonly name: string;
  readonly platform: string | undefined;
  /** Holds values of variables. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The networks that the container is connected to after it was created, where not all can be said at once. */
  readonly connect: readonly NetworkConnection[];
  /** What it asks for in our words, where an override has had the last word. */
  readonly overridden?: Overridden;
}

export interface Overridden {
  readonly image: string;
  readonly settings: ContainerSettings;
  /** Without the override. */
  readonly before: ContainerSettings;
  /** What of it is in force and has no place in `settings`, by the engine's names. */
  readonly unmodelled: readonly string[];
}

export interface NetworkConnection {
  readonly network: string;
  readonly endpoint: Readonly<Record<string, unknown>>;
}

/** What a container uses. Bytes, unless said otherwise. */
export interface ContainerStats {
  readonly readAt: Date;
  readonly cpu: {
    /** Nanoseconds of processor time since it was started. */
    readonly totalNs: number;
    /** Of one processor, in the second before; 250 are two and a half. */
    readonly percent: number | undefined;
    readonly processors: number | undefined;
  };
  readonly memory: { readonly used: number; readonly limit: number | undefined };
  readonly processes: number | undefined;
  /** By the name of the interface in the container. */
  readonly networks: Readonly<Record<string, { readonly received: number; readonly sent: number }>>;
  readonly blockIo: { readonly read: number; readonly written: number };
}

/** A file, as the kernel describes it. */
export interface FileStat {
  readonly name: string;
  readonly size: number;
  /** Permission bits: 0o644. */
  readonly mode: number;
  readonly type: 'file' | 'directory' | 'link' | 'other';
  readonly modifiedAt: Date;
  readonly linkTarget: string | undefined;
}

export interface WriteFileOptions extends CallOptions {
  /** Default 0o644. */
  readonly mode?: number | undefined;
  /** Numbers in the container; default 0. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** Containers. An id may be a name, or the unambiguous beginning of an id. */
export interface Containers {
  /** All that the engine says of a container; `undefined` where there is none. */
  inspect(reference: string, options?: CallOptions): Promise<ContainerRecord | undefined>;
  /** Those that fulfil the filter, newest first; without labels only those that run, unless `all`. */
  list(options?: CallOptions & ContainerFilter): Promise<ContainerSummary[]>;
  /** The newest that bears the label; `true`: with any value. `undefined` where there is none. */
  findByLabel(label: string, value: string | true, options?: CallOptions): Promise<ContainerSummary | undefined>;
  /** One of Docker's words, `notFound` for one that is not there, `unknown` for a word that is new. */
  status(id: string, options?: CallOptions): Promise<ContainerStatus>;
  /** What its health check says; `none`: it has none. @throws NotFoundError */
  health(id: string, options?: CallOptions): Promise<HealthStatus>;
  /** Its processes, as the engine's host sees them; `undefined` where the engine cannot tell. */
  processes(id: string, options?: CallOptions): Promise<HostProcess[] | undefined>;
  /** What it uses now. Takes about a second, which `cpu.percent` is measured in. @throws ConflictError where it does not run */
  stats(id: string, options?: CallOptions): Promise<ContainerStats>;

  /**
   * What `create` would ask. Nothing is sent.
   * @throws InvalidRequestError for an override that the engine would not take
   * @throws NotSupportedError for a setting that this engine does not have
   */
  createRequest(spec: ContainerSpec): CreateRequest;
  /** Makes a container, of an image that is there, and does not start it. @throws NameTakenError, ImageUnavailableError, EngineRefusedError, and what `createRequest` throws */
  create(spec: ContainerSpec, options?: CallOptions): Promise<{ id: string; warnings: readonly string[] }>;
  /** Starts it; one that runs already is left alone. @throws NotFoundError, CommandNotFoundError, CommandNotExecutableError, EngineRefusedError */
  start(id: string, options?: CallOptions): Promise<void>;
  /**
   * Resolves once it runs, whoever starts it.
   * @throws ContainerExitedError for one that has run and ended, with its exit status
   * @throws TimeoutError for one that was not started in time
   */
  waitUntilRunning(id: string, options?: WaitUntilRunningOptions): Promise<ContainerState>;
  /** Resolves when the container does not run. Its exit status is no error. @throws NotFoundError */
  wait(id: string, options?: CallOptions): Promise<{ exitCode: number }>;
  /**
   * Resolves once the engine listens for the next end of a container, which may not be started yet and may remove
   * itself then. Missing where an engine cannot.
   */
  readonly nextExit?:
    | ((
        id: string,
        options: { readonly signal: AbortSignal },
      ) => Promise<{ readonly ended: Promise<{ exitCode: number }> }>)
    | undefined;
  /** Asks it to end, and kills it when it does not in time. One that does not run is left as it is; exit status and output stay. @throws NotFoundError; StopTimeoutError with `force: false` */
  stop(id: string, options?: StopOptions): Promise<void>;
  /** Sends it a signal. A container that does not run, or is gone, is left alone. */
  kill(id: string, signalName: string, options?: CallOptions): Promise<void>;
  /** Freezes it; one that is paused is left alone. @throws ConflictError where it does not run */
  pause(id: string, options?: CallOptions): Promise<void>;
  /** Lets it go on; one that is not paused is left alone. @throws ConflictError where it does not run */
  unpause(id: string, options?: CallOptions): Promise<void>;
  /** Gives it another name. @throws NotFoundError, NameTakenError */
  rename(id: string, name: string, options?: CallOptions): Promise<void>;
  /** Removes it with its nameless volumes, and kills it first where it runs; with `force: false` one that runs is refused. One that is gone is fine. @throws ConflictError with `force: false` */
  remove(id: string, options?: CallOptions & { readonly force?: boolean | undefined }): Promise<void>;

  /** What it says from now on. Resolves once attached, so that nothing is missed of a container that is started afterwards. */
  attach(id: string, options?: CallOptions): Promise<AsyncIterable<OutputChunk>>;
  /** What it has said, both outputs in order, and with `follow` what it goes on to say. @throws NotFoundError */
  logs(id: string, options?: LogOptions): Promise<AsyncIterable<OutputChunk>>;
  /** Writes to the standard input of its first process, at once. @throws ConflictError where it does not run, or was made without `openStdin` */
  writeStdin(id: string, data: Data, options?: CallOptions): Promise<void>;

  /** Is there such a file in the container's root file system? `undefined` where the engine cannot tell. */
  hasFile(id: string, path: string, options?: CallOptions): Promise<boolean | undefined>;
  /** Unpacks a tar stream in a folder of the container, running or not. @throws NotFoundError for the folder */
  copyIn(id: string, folder: string, tar: ByteStream | Uint8Array, options?: CallOptions): Promise<void>;
  /** A file or folder of the container as a tar stream. @throws NotFoundError */
  copyOut(
    id: string,
    path: string,
    options?: CallOptions,
  ): Promise<{ readonly stat: FileStat; readonly tar: ByteStream }>;
  /** A whole file. @throws NotFoundError; ConflictError for what is no file */
  readFile(id: string, path: string, options?: CallOptions): Promise<Uint8Array>;
  /** Makes a file, or writes over it. @throws NotFoundError for its folder */
  writeFile(id: string, path: string, data: Data, options?: WriteFileOptions): Promise<void>;

  /** Of its network namespace on the engine's host: `/proc/PID/ns/net`. @throws ConflictError where it does not run */
  networkNamespacePath(id: string, options?: CallOptions): Promise<string>;
  /** On the engine's host, of the file that it has as `/etc/hosts`. @throws ConflictError where there is none */
  hostsPath(id: string, options?: CallOptions): Promise<string>;

  /** The settings that give another container the way to this engine that `self` has, and nothing more. */
  access(self: ContainerRecord): ContainerSettings;
}
