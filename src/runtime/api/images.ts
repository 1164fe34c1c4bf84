import type { ImageRecord } from '../container.ts';
import type { ByteStream, CallOptions } from './call.ts';

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

export type PullPolicy = 'missing' | 'always' | 'never';

/** Takes events one at a time. While it is busy with one, some are kept; of more, only how many is. */
export type Listener<T> = (event: T & { readonly dropped: number }) => void | Promise<void>;

export interface PullImageOptions extends CallOptions {
  /** Default `missing`. */
  readonly policy?: PullPolicy | undefined;
  /** `os/architecture[/variant]`; the engine's own without it. */
  readonly platform?: string | undefined;
  /** For the registry of this image alone. */
  readonly auth?: RegistryAuth | undefined;
  /** `dropped`: how many came since the last one that it got, and were thrown away. */
  readonly onProgress?: Listener<PullProgress> | undefined;
}

export interface PulledImage {
  readonly image: ImageDetails;
  readonly pulled: boolean;
  /** Events that a slow listener did not get. */
  readonly dropped: number;
}

/** All that an engine says of an image. */
export interface ImageDetails extends ImageRecord {
  /** `name:tag` */
  readonly tags: readonly string[];
  readonly createdAt: Date | undefined;
  /** Bytes. */
  readonly size: number;
  /** `os/architecture[/variant]` */
  readonly platform: string | undefined;
  /** `sha256:…` of each layer, lowest first. */
  readonly layers: readonly string[];
  /** Of the storage driver; `undefined` where images are kept by containerd. */
  readonly graphDriver: { readonly name: string; readonly data: Readonly<Record<string, string>> } | undefined;
}

export interface ImageSummary {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  /** Bytes. */
  readonly size: number;
}

export interface BuildProgress {
  /** A line of the builder's or of a step, or the name of a step that begins or ends; no values of `buildArgs`. */
  readonly message: string;
  /** The step that it is about, as the builder calls it: `[two 3/4] RUN make`, `Step 3/4 : RUN make`. */
  readonly step?: string;
  /** Of the step; missing: it goes on. The classic builder tells beginnings alone. */
  readonly phase?: 'started' | 'cached' | 'done' | 'failed';
  /** Bytes of what is transferred. */
  readonly current?: number;
  readonly total?: number;
}

export interface BuildRequest {
  /** Folder here that the build may use; its `.dockerignore` counts. */
  readonly context: string;
  /** In the context; default `Dockerfile`. */
  readonly dockerfile?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The stage to stop at. */
  readonly target?: string | undefined;
  /** Images whose layers may be used. */
  readonly cacheFrom?: readonly string[] | undefined;
  readonly noCache?: boolean | undefined;
  /** Pull the base images also where they are there. */
  readonly pull?: boolean | undefined;
  readonly platform?: string | undefined;
  /** Of `RUN` steps: `none`, `host`, or the engine's default. */
  readonly networkMode?: string | undefined;
  /** Texts that `RUN --mount=type=secret,id=…` steps see by their ids, and that stay out of the image; BuildKit alone. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** Default `auto`: BuildKit where the engine has it and the buildx plugin is here, else the engine's other builder. */
  readonly builder?: 'auto' | 'buildkit' | 'classic' | undefined;
}

export interface BuildOptions extends CallOptions {
  readonly onProgress?: Listener<BuildProgress> | undefined;
}

export interface BuiltImage {
  readonly id: string;
  /** `buildah`: Podman's. */
  readonly builder: 'buildkit' | 'classic' | 'buildah';
  /** Events that a slow listener did not get. */
  readonly dropped: number;
}

export interface CommitRequest {
  /** `name[:tag]`; without it the image has only an id. */
  readonly reference?: string | undefined;
  readonly comment?: string | undefined;
  readonly author?: string | undefined;
  /** Instructions of a Dockerfile: `LABEL a=b`, `CMD ["x"]`. */
  readonly changes?: readonly string[] | undefined;
  /** While it is copied; default true. */
  readonly pause?: boolean | undefined;
}

export interface RemoveImageOptions extends CallOptions {
  /** Also where stopped containers use it, or it has several names. */
  readonly force?: boolean | undefined;
  /** One that is not there is removed. */
  readonly ignoreMissing?: boolean | undefined;
}

export interface CollectedImages {
  /** Names, and ids of images without one. */
  readonly removed: readonly string[];
  /** Bytes on the engine's disk, at least. */
  readonly reclaimed: number;
}

export interface Images {
  /** Is it on the engine? `false` only where the engine says that there is none. */
  exists(reference: string, options?: CallOptions): Promise<boolean>;
  /** All that the engine says of an image; `undefined` where there is none. */
  inspect(reference: string, options?: CallOptions): Promise<ImageDetails | undefined>;
  /** `sha256:…` by which registries know it, else its id. @throws NotFoundError */
  digest(reference: string, options?: CallOptions): Promise<string>;
  /** All names of the same image. @throws NotFoundError */
  tags(reference: string, options?: CallOptions): Promise<readonly string[]>;
  /** Those that bear all labels; `true`: with any value. */
  list(
    options?: CallOptions & { readonly labels?: Readonly<Record<string, string | true>> | undefined },
  ): Promise<ImageSummary[]>;
  /** By a policy (default `missing`). Resolves when the whole image is on the engine. @throws ImageUnavailableError */
  pull(reference: string, options?: PullImageOptions): Promise<PulledImage>;
  /** Another name for it. @throws NotFoundError */
  tag(reference: string, name: string, options?: CallOptions): Promise<void>;
  /** Removes a name, and the image with its last one. @throws NotFoundError unless `ignoreMissing`; ConflictError where containers use it */
  remove(reference: string, options?: RemoveImageOptions): Promise<void>;
  /** Builds an image from a folder. @throws BuildError with the builder's words, the step that failed and its last lines */
  build(request: BuildRequest, options?: BuildOptions): Promise<BuiltImage>;
  /** An image of what a container has written. @throws NotFoundError */
  commit(container: string, request: CommitRequest, options?: CallOptions): Promise<{ id: string }>;
  /** A tar stream that `load` takes. @throws NotFoundError */
  save(references: readonly string[], options?: CallOptions): Promise<ByteStream>;
  /** What was loaded, by names or ids. */
  load(tar: ByteStream | Uint8Array, options?: CallOptions): Promise<readonly string[]>;
  /**
   * Removes those that no container uses, running or not, and that were made, and pulled or named, longer ago; default
   * a day.
   */
  collectGarbage(
    options?: CallOptions & {
      readonly olderThanMs?: number | undefined;
      readonly labels?: Readonly<Record<string, string | true>> | undefined;
    },
  ): Promise<CollectedImages>;
}
