import type { TestEngine } from '../global-engines.ts';
import type { Stage } from './stage.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What an engine has to be for a case. */
export interface Restriction {
  readonly fits: (engine: TestEngine) => boolean;
  readonly reason: string;
}

/** A container that somebody has made in some way: with flags, or with what no flag says. */
export interface SettingCase {
  readonly name: string;
  /** Of `docker run` and `docker create`. */
  readonly flags?: readonly string[] | ((stage: Stage) => readonly string[]);
  /** Of a request to create a container, instead of flags. */
  readonly body?: Json | ((stage: Stage) => Json);
  /** What comes after the image. */
  readonly words?: readonly string[];
  /** Makes volumes, networks and other containers. */
  readonly prepare?: (stage: Stage) => Promise<void>;
  /** Words of `docker network connect` before the container's name: for networks that it gets once it was created. */
  readonly connect?: (stage: Stage) => readonly (readonly string[])[];
  readonly minApi?: string;
  readonly only?: Restriction;
  /** Why such a container can be created here, and not started. */
  readonly unstartable?: string;
}
