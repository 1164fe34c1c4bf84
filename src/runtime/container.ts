/**
 * Containers and images in offshoot's own words. No type of an engine's library appears here or above: an adapter
 * turns what its engine says into a `ContainerRecord`, and a `ContainerSpec` into what its engine wants to hear.
 */
import type { ContainerSettings } from './settings.ts';

export type * from './settings.ts';

/** A place in a container where something is mounted, as the engine resolved it. */
export interface MountPoint {
  readonly type: string;
  /** Path on the engine's host; for a volume a folder under the engine's data root. */
  readonly source: string;
  /** Path in the container. */
  readonly destination: string;
  /** Of the volume. */
  readonly name?: string | undefined;
  /** Of the volume: `local`, or a plugin. */
  readonly driver?: string | undefined;
  readonly readOnly: boolean;
}

export interface ContainerState {
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  readonly status: string;
  readonly running: boolean;
  /** Of the container's first process, in the engine's process namespace; 0 when it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  /** When it was last started, RFC 3339; `undefined` for a container that was created and never started. */
  readonly startedAt: string | undefined;
  /** `starting`, `healthy` or `unhealthy`; missing where it is not checked, or the engine does not tell. */
  readonly health?: string | undefined;
}

/** What an engine says of a container. */
export interface ContainerRecord {
  /** 64 hexadecimal characters. */
  readonly id: string;
  readonly name: string;
  /** By the engine's clock, RFC 3339, where the engine tells. */
  readonly createdAt?: string | undefined;
  readonly image: {
    /** What it was made with. */
    readonly reference: string;
    /** What that was at that time. */
    readonly id: string;
    /** `os/architecture[/variant]`, where the engine tells. */
    readonly platform?: string | undefined;
  };
  readonly state: ContainerState;
  readonly settings: ContainerSettings;
  readonly labels: Readonly<Record<string, string>>;
  readonly mountPoints: readonly MountPoint[];
  /** The writable layer of its root file system on the engine's host, where the engine tells. */
  readonly upperDir: string | undefined;
  /** Settings that are in force but have no place in `ContainerSettings`, by the engine's names. */
  readonly unmodelled: readonly string[];
}

/** One row of a listing. */
export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  /** As in `ContainerState`. */
  readonly status?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkMode: string;
  /** Destinations of its mounts. */
  readonly mountDestinations: readonly string[];
  /** What it was made with. */
  readonly image?: string | undefined;
}

/** What an image gives to the containers made from it. */
export interface ImageConfig extends Pick<
  ContainerSettings,
  | 'env'
  | 'entrypoint'
  | 'command'
  | 'user'
  | 'workingDir'
  | 'labels'
  | 'exposedPorts'
  | 'healthcheck'
  | 'stopSignal'
  | 'shell'
  | 'volumes'
> {}

export interface ImageRecord {
  readonly id: string;
  /** `name@sha256:…` for each registry it was pulled from or pushed to. */
  readonly digests: readonly string[];
  /** `os/architecture[/variant]`, where the engine tells. */
  readonly platform?: string | undefined;
  /** `undefined` where the engine does not tell: then nothing can be subtracted. */
  readonly config: ImageConfig | undefined;
}

/** What an engine is asked to create. */
export interface ContainerSpec extends ContainerSettings {
  readonly name: string;
  /** Reference, digest or id of an image that is on the engine. */
  readonly image: string;
  /** `os/architecture[/variant]` */
  readonly platform?: string | undefined;
  /** RFC 7396 merge patch over the engine's own create request, applied last. */
  readonly override?: Readonly<Record<string, unknown>> | undefined;
}
