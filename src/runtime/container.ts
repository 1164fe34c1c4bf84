/**
 * Containers and images in offshoot's own words. No type of an engine's library appears here or above: an adapter
 * turns what its engine says into a `ContainerRecord`, and a `ContainerSpec` into what its engine wants to hear.
 */

/** A mount as it was asked for, not as the engine resolved it. */
export interface MountRequest {
  readonly type: string;
  readonly source?: string | undefined;
  readonly target: string;
  readonly readOnly?: boolean | undefined;
  /** The groups of options that the engine knows for this type (propagation, subpath, driver …), as they were asked for. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** What a container can be made with, beside its name and image. `undefined`: the image's own, or the engine's default. */
export interface ContainerSettings {
  /** `NAME=value`, in order. */
  readonly env: readonly string[];
  /** An empty list clears the image's entrypoint; `undefined` keeps it. */
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly tty: boolean;
  readonly user: string | undefined;
  readonly workingDir: string | undefined;
  /** `source:target[:options]`, paths of the engine's host or names of volumes. */
  readonly binds: readonly string[];
  readonly mounts: readonly MountRequest[];
  readonly groupAdd: readonly string[];
  readonly securityOpt: readonly string[];
  readonly privileged: boolean;
  readonly pidMode: string | undefined;
  readonly usernsMode: string | undefined;
  readonly networkMode: string | undefined;
}

/** A place in a container where something is mounted, as the engine resolved it. */
export interface MountPoint {
  readonly type: string;
  /** Path on the engine's host; for a volume a folder under the engine's data root. */
  readonly source: string;
  /** Path in the container. */
  readonly destination: string;
  readonly name?: string | undefined;
  readonly readOnly: boolean;
}

export interface ContainerState {
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  readonly status: string;
  readonly running: boolean;
  /** Of the container's first process, in the engine's process namespace; 0 when it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  /** False for a container that was created and never started. */
  readonly everStarted: boolean;
}

/** What an engine says of a container. */
export interface ContainerRecord {
  /** 64 hexadecimal characters. */
  readonly id: string;
  readonly name: string;
  /** The reference it was made with, and the id of the image that this was at that time. */
  readonly image: { readonly reference: string; readonly id: string };
  readonly state: ContainerState;
  readonly settings: ContainerSettings;
  readonly labels: Readonly<Record<string, string>>;
  readonly mountPoints: readonly MountPoint[];
  /** The writable layer of its root file system on the engine's host, where the engine tells. */
  readonly upperDir: string | undefined;
  /** Settings that are in force but have no place in `ContainerSettings` yet, by the engine's names. */
  readonly unmodelled: readonly string[];
}

/** One row of a listing. */
export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkMode: string;
  /** Destinations of its mounts. */
  readonly mountDestinations: readonly string[];
}

/** What an image gives to the containers made from it. */
export interface ImageRecord {
  readonly id: string;
  /** `name@sha256:…` for each registry it was pulled from or pushed to. */
  readonly digests: readonly string[];
  /** `undefined` where the engine does not tell: then nothing can be subtracted. */
  readonly config:
    | {
        readonly env: readonly string[];
        readonly entrypoint: readonly string[] | undefined;
        readonly command: readonly string[] | undefined;
        readonly user: string | undefined;
        readonly workingDir: string | undefined;
      }
    | undefined;
}

/** What an engine is asked to create. */
export interface ContainerSpec extends Partial<ContainerSettings> {
  readonly name: string;
  /** Reference, digest or id of an image that is on the engine. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `on-failure` with a number of tries; without it the engine never starts the container again. */
  readonly restartOnFailure?: number | undefined;
  /** RFC 7396 merge patch over the engine's own create request, applied last. */
  readonly override?: Readonly<Record<string, unknown>> | undefined;
}
