import type { World } from './world.ts';

/** One make of engine in one folder: what to start in a world so that it answers on a socket. */
export interface Daemon {
  /** Of the program that answers. */
  readonly name: string;
  /** PATH for the engine and all that it starts. */
  readonly path: string;
  readonly socket: string;
  readonly logFile: string;
  /** The docker command line that goes with it. */
  readonly docker: string;
  /** Once in a world: starts what the daemon finds there, and waits for it. */
  prepare(world: World, signal: AbortSignal | undefined): Promise<void>;
  /** The program that answers and its flags; to be started as often as it is to run. */
  command(): Promise<string[]>;
}
