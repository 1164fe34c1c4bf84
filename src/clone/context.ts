import type { MountRequest, NetworkEndpoint, PublishedPort, RestartPolicy } from '../runtime/settings.ts';
import type { Inheritance } from '../plan/inherit.ts';
import type { ContainerRecord, ContainerSettings, ImageConfig } from '../runtime/container.ts';

/** Is it a variable that controls offshoot, or the tool that it stands in for? */
export type IsControl = (name: string) => boolean;

/** What is asked for beside self: the part of a plan that a clone needs. */
export interface CloneRequest {
  readonly inherit: Inheritance;
  readonly command?: readonly string[] | undefined;
  readonly entrypoint?: readonly string[] | undefined;
  /** `NAME=value`, added to what is inherited. */
  readonly env?: readonly string[] | undefined;
  /** Which of self's variables are cloned, by their names; all unless told otherwise. */
  readonly keepsEnv?: ((name: string) => boolean) | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly networks?: readonly NetworkAddition[] | undefined;
  readonly publish?: readonly PublishedPort[] | undefined;
  /** With paths of the engine's host. */
  readonly mounts?: readonly MountRequest[] | undefined;
  readonly restart?: RestartPolicy | undefined;
  readonly autoRemove?: boolean | undefined;
  readonly isControl: IsControl;
  /** The paths by which somebody can name the launcher as first word of a command. */
  readonly launcherPaths: readonly string[];
}

/** `name` is a network, or `host`, `none`, `bridge`, `container:…`. */
export interface NetworkAddition extends NetworkEndpoint {
  readonly name: string;
}

export interface CloneInput {
  readonly self: ContainerRecord;
  /** What self's image gives; `undefined` where the engine does not tell: then nothing can be subtracted. */
  readonly selfImage: ImageConfig | undefined;
  /** Is the sibling of the image that self is of? */
  readonly sameImage: boolean;
  readonly request: CloneRequest;
  /** Containers that self's settings name and that are no more. */
  readonly gone?: ReadonlySet<string> | undefined;
}

/** What every part of the clone works from. */
export interface Context extends CloneInput {
  /** Those of self's settings that may be inherited. */
  readonly own: ContainerSettings;
  /** What self has from its image and would have to leave behind; nothing when the sibling is of the same image. */
  readonly subtracted: ImageConfig;
}
