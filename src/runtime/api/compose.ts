import type { CallOptions } from './call.ts';
import type { Listener } from './images.ts';

export interface ComposeProject {
  /** Compose files here; the first one's folder is where relative paths begin. At least one. */
  readonly files: readonly string[];
  /** Default: what Compose makes of the folder. */
  readonly name?: string | undefined;
  readonly profiles?: readonly string[] | undefined;
  /** What `${NAME}` in the files means. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface ComposeUpRequest extends ComposeProject {
  /** Default: all. */
  readonly services?: readonly string[] | undefined;
  /** Leave containers alone that are there, whatever has changed: what they have written stays. */
  readonly noRecreate?: boolean | undefined;
  /** Until they run, or are healthy. */
  readonly wait?: boolean | undefined;
}

export interface ComposeDownRequest extends ComposeProject {
  readonly removeVolumes?: boolean | undefined;
  /** `local`: those without a name of their own. */
  readonly removeImages?: 'local' | 'all' | undefined;
}

export interface ComposeContainer {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Docker's word: `running`, `exited`. */
  readonly state: string;
  readonly exitCode: number;
}

export interface ComposeUpOptions extends CallOptions {
  readonly onProgress?: Listener<{ readonly message: string }> | undefined;
}

/** By the compose plugin of the docker command line. All throw NotSupportedError where it is absent, and ComposeError. */
export interface Compose {
  /** Makes and starts the services, and leaves them. */
  up(request: ComposeUpRequest, options?: ComposeUpOptions): Promise<void>;
  /** Stops and removes what `up` has made. */
  down(request: ComposeDownRequest, options?: CallOptions): Promise<void>;
  /** The containers of the project, stopped ones too. */
  ps(project: ComposeProject, options?: CallOptions): Promise<ComposeContainer[]>;
  /** Of a service's first container; `undefined` where it does not run. @throws ComposeError for a service that the files do not have */
  containerId(project: ComposeProject, service: string, options?: CallOptions): Promise<string | undefined>;
}
