import type { Docker, Finished } from '../../support/docker.ts';
import type { InnerEngine } from '../../support/inner-engine.ts';
import type { TestEngine } from '../../support/global-engines.ts';

/** By what a container is proved to be ours, as the matrix says it; or that none is. */
export type Proof = 'layer' | 'process' | 'file' | 'cgroup' | 'refused';

export interface Answer extends Finished {
  /** The container that asked, as the engine said when it made it; undefined where this engine has none. */
  readonly right: string | undefined;
}

/** What is on an engine while the surroundings of it are tried. */
export interface Stage {
  readonly engine: TestEngine;
  readonly docker: Docker;
  /** Runs all the time, and is made as those that ask are: the same image, mounts and environment. */
  readonly other: { readonly id: string; readonly name: string; readonly cgroup: string };
  /** The name of a container that looks like the beginning of an id. */
  readonly hexName: string;
  /** A folder on the engine's host, of this stage alone. */
  readonly folder: string;
  /** The engine's folder of containers. */
  readonly containers: string;
  readonly inner: InnerEngine;
  /** Runs `offshoot self` in a container with these flags of `docker run`. */
  ask(flags: readonly string[], options?: AskOptions): Promise<Answer>;
  /** A container that runs until the stage is cleared; its id. */
  start(...flagsAndImage: string[]): Promise<string>;
}

export interface AskOptions {
  /** Instead of `offshoot self`. */
  readonly command?: readonly string[];
  readonly image?: string;
  /** The engine to run it on, where it is not that of the stage. */
  readonly docker?: Docker;
  /** Flags for the way to an engine, where it is not that of the stage. */
  readonly socket?: readonly string[];
}

export interface Surrounding {
  readonly title: string;
  readonly ask: (stage: Stage) => Promise<Answer>;
  /** Without it the layer, where the engine tells layers, and the process elsewhere. */
  readonly proof?: (engine: TestEngine) => Proof;
  /** What must be among the reasons for which candidates are refused. */
  readonly because?: RegExp | ((engine: TestEngine) => RegExp);
  /** Why it cannot be had on this engine. */
  readonly lacks?: (engine: TestEngine) => string | undefined;
}

/** A container with these flags, in which `offshoot self` is all that runs. */
export function flags(title: string, make: (stage: Stage) => readonly string[]): Surrounding {
  return { title, ask: (stage) => stage.ask(make(stage)) };
}

export function tellsLayers({ imageStore }: TestEngine): boolean {
  return imageStore !== 'containerd';
}

export const usualProof = (engine: TestEngine): Proof => (tellsLayers(engine) ? 'layer' : 'process');
