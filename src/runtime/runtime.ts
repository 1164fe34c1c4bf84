import type { ContainerRecord, ContainerSettings, ContainerSpec, ContainerSummary, ImageRecord } from './container.ts';

export interface CallOptions {
  /** Aborted, the call rejects with its reason and leaves no socket or stream behind. */
  readonly signal: AbortSignal;
}

/** Where a layer is on its way. `present`: it was here before. */
export type LayerPhase = 'waiting' | 'downloading' | 'downloaded' | 'extracting' | 'complete' | 'present';

/** One step of a pull. */
export interface PullProgress {
  /** The layer it is about, where it is about one. */
  readonly layer?: string;
  /** In the engine's own words. */
  readonly status: string;
  readonly phase?: LayerPhase;
  /** Bytes, of what the phase is about. */
  readonly current?: number;
  readonly total?: number;
}

/** A login at a registry. Never part of a message. */
export interface RegistryAuth {
  /** The registry, as its engine calls it. */
  readonly serverAddress: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** What buys tokens in place of a password. */
  readonly identityToken?: string | undefined;
  /** Is sent as it is. */
  readonly registryToken?: string | undefined;
}

export interface PullOptions extends CallOptions {
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  /** `os/architecture[/variant]`; the engine's own without it. */
  readonly platform?: string | undefined;
  /** For the registry of this image alone. */
  readonly auth?: RegistryAuth | undefined;
}

export interface ImageOptions extends CallOptions {
  /** Only the image for it; an engine that cannot tell them apart answers with the one that it has. */
  readonly platform?: string | undefined;
}

export interface OutputChunk {
  /** A container with a terminal has only `stdout`. */
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

export interface LogOptions extends CallOptions {
  /** Only the last so many lines. */
  readonly tail?: number;
  /** Go on until the container ends. */
  readonly follow?: boolean;
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

/**
 * Our adapter to one engine. A container or image that is not there is `undefined`; whatever else goes wrong is an
 * `OffshootError`. Every method rejects with the signal's reason once that is aborted.
 */
export interface Runtime {
  readonly kind: string;
  /** For people: the engine's name, version and address, without credentials. */
  readonly description: string;
  /** Its own command line, for people; missing: as its kind. */
  readonly commandLine?: string;
  /** The container that is most likely ours, where the engine's own traces tell it; it is proved all the same. */
  readonly likelySelf?: { readonly reference: string; readonly evidence: string } | undefined;
  /** What not every engine can do. */
  readonly capabilities: {
    readonly volumeSubpath: boolean;
    /** Its containers go on while it is away, or is started again; missing: no. */
    readonly outlivesEngine?: boolean;
    /** It removes containers that have ended, when asked; missing: yes. */
    readonly autoRemove?: boolean;
    /** It runs the health checks of its containers; missing: yes. */
    readonly healthChecks?: boolean;
    /** Takes `auth` for a pull; missing: yes. Where not, its own logins count. */
    readonly registryAuth?: boolean;
    /** Tells of a pull's progress while it goes on; missing: yes. */
    readonly pullProgress?: boolean;
  };

  /** The engine's wall clock, in milliseconds since 1970; some tell whole seconds. */
  clock(options: CallOptions): Promise<number>;

  /** By id, unambiguous beginning of an id, or name. */
  inspect(reference: string, options: CallOptions): Promise<ContainerRecord | undefined>;
  /** The running ones; with labels all that have each of them, running or not. */
  list(options: CallOptions & { readonly labels?: Readonly<Record<string, string>> }): Promise<ContainerSummary[]>;
  /** `undefined` where the engine cannot tell. */
  processes(id: string, options: CallOptions): Promise<HostProcess[] | undefined>;
  /** Is there such a file in the container's root file system? `undefined` where the engine cannot tell. */
  hasFile(id: string, path: string, options: CallOptions): Promise<boolean | undefined>;

  inspectImage(reference: string, options: ImageOptions): Promise<ImageRecord | undefined>;
  /** One try. Resolves when the whole image is on the engine. @throws ImageUnavailableError, EngineUnavailableError */
  pull(reference: string, options: PullOptions): Promise<void>;

  /** `undefined` where the engine cannot tell, or a proxy before it does not let us ask. */
  hasNetwork(name: string, options: CallOptions): Promise<boolean | undefined>;
  hasVolume(name: string, options: CallOptions): Promise<boolean | undefined>;

  /**
   * What `create` would ask. Nothing is sent.
   * @throws InvalidRequestError for an override that the engine would not take
   * @throws NotSupportedError for a setting that this engine does not have
   */
  createRequest(spec: ContainerSpec): CreateRequest;
  /** @throws NameTakenError, ImageUnavailableError, EngineRefusedError, and what `createRequest` throws */
  create(spec: ContainerSpec, options: CallOptions): Promise<{ id: string; warnings: readonly string[] }>;
  /** A container that runs already is started. @throws CommandNotFoundError, CommandNotExecutableError, EngineRefusedError */
  start(id: string, options: CallOptions): Promise<void>;
  /** Resolves once attached, so that nothing is missed of a container that is started afterwards. */
  attach(id: string, options: CallOptions): Promise<AsyncIterable<OutputChunk>>;
  logs(id: string, options: LogOptions): Promise<AsyncIterable<OutputChunk>>;
  /** Resolves when the container does not run. */
  wait(id: string, options: CallOptions): Promise<{ exitCode: number }>;
  /**
   * Resolves once the engine listens for the next end of a container, which may not be started yet and may remove
   * itself then. Missing where an engine cannot.
   */
  readonly nextExit?:
    | ((id: string, options: CallOptions) => Promise<{ readonly ended: Promise<{ exitCode: number }> }>)
    | undefined;
  /** A container that does not run, or is gone, is left alone. */
  kill(id: string, signalName: string, options: CallOptions): Promise<void>;
  /** Stops it first where it runs, unless that is not wanted (`force: false`). A container that is gone is removed. */
  remove(id: string, options: CallOptions & { readonly force?: boolean }): Promise<void>;

  /** The settings that give another container the way to this engine that `self` has, and nothing more. */
  access(self: ContainerRecord): ContainerSettings;
}
