import type { CallOptions } from './api/call.ts';
import type { Capabilities, RuntimeVersion } from './api/capabilities.ts';
import type { Compose } from './api/compose.ts';
import type { Cni, Snapshots, Tasks } from './api/containerd.ts';
import type { Containers } from './api/containers.ts';
import type { Events } from './api/events.ts';
import type { Exec } from './api/exec.ts';
import type { ImageOptions, Images, PullOptions } from './api/images.ts';
import type { Networks, Volumes } from './api/networks.ts';
import type { ImageRecord } from './container.ts';

export type * from './api/call.ts';
export type * from './api/capabilities.ts';
export type * from './api/compose.ts';
export type * from './api/containerd.ts';
export type * from './api/containers.ts';
export type * from './api/events.ts';
export type * from './api/exec.ts';
export type * from './api/images.ts';
export type * from './api/networks.ts';

/**
 * Our adapter to one engine. A container or image that is not there is `undefined` where it is asked for, and a
 * `NotFoundError` where something is to be done with it; what an engine cannot do is a `NotSupportedError`, bad
 * arguments are an `InvalidArgumentError` before anything is sent, and whatever else goes wrong is another
 * `OffshootError`. Every call rejects with the signal's reason once that is aborted.
 */
export interface Runtime extends Containers, Events {
  readonly kind: string;
  /** For people: the engine's name, version and address, without credentials. */
  readonly description: string;
  /** Its own command line, for people; missing: as its kind. */
  readonly commandLine?: string;
  /** The container that is most likely ours, where the engine's own traces tell it; it is proved all the same. */
  readonly likelySelf?: { readonly reference: string; readonly evidence: string } | undefined;
  /** What is known without asking the engine; `capabilities` tells the rest. */
  readonly features: {
    readonly volumeSubpath: boolean;
    /** Its containers go on while it is away, or is started again; missing: no. */
    readonly outlivesEngine?: boolean;
    /** It removes containers that have ended, when asked; missing: yes. */
    readonly autoRemove?: boolean;
    /** It runs the health checks of its containers; missing: yes. */
    readonly healthChecks?: boolean;
    /** Takes `auth` for a pull; missing: yes. Where not, its own logins count. */
    readonly registryAuth?: boolean;
    /** Tells the bytes of a pull as they come; missing: yes. Where not, that nothing is told means nothing. */
    readonly pullProgress?: boolean;
  };

  /** The engine's wall clock, in milliseconds since 1970; some tell whole seconds. */
  clock(options?: CallOptions): Promise<number>;
  /** Asks whether the engine is there. @throws EngineUnavailableError where it does not answer */
  ping(options?: CallOptions): Promise<void>;
  /** Of the engine, and of the API that is spoken with it. */
  version(options?: CallOptions): Promise<RuntimeVersion>;
  /** What this engine can do, as it is now. */
  capabilities(options?: CallOptions): Promise<Capabilities>;
  /** Ends what is under way; every later call rejects. Can be called again. */
  close(): Promise<void>;

  /** For the launcher: what `images.inspect` tells, as far as a container gets it from its image. */
  inspectImage(reference: string, options?: ImageOptions): Promise<ImageRecord | undefined>;
  /** For the launcher: one try; `images.pull` has a policy. Resolves when the whole image is on the engine. @throws ImageUnavailableError, EngineUnavailableError */
  pull(reference: string, options?: PullOptions): Promise<void>;
  /** Is there a network of this name? `undefined` where the engine cannot tell, or a proxy before it does not let us ask. */
  hasNetwork(name: string, options?: CallOptions): Promise<boolean | undefined>;
  /** As `hasNetwork`. */
  hasVolume(name: string, options?: CallOptions): Promise<boolean | undefined>;

  /**
   * `source:target` binds by which a container beside us reaches this engine, as paths of here. Within a container,
   * `access` tells the host's paths.
   */
  cooBinds(): readonly string[];

  readonly exec: Exec;
  readonly images: Images;
  readonly networks: Networks;
  readonly volumes: Volumes;
  readonly compose: Compose;
  readonly tasks: Tasks;
  readonly snapshots: Snapshots;
  readonly cni: Cni;
}
