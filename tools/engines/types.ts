import type { EngineKind, KindRow } from './kinds.ts';

/** Where the programs of one kind of Docker are. */
export interface EnginePaths {
  /** PATH for the engine and all that it starts: its own programs first, then the system's. */
  readonly path: string;
  readonly containerd: string;
  readonly dockerd: string;
  /** The docker command line of the same version. */
  readonly docker: string;
}

export interface InstallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((line: string) => void) | undefined;
}

export interface EngineOptions extends InstallOptions {
  /** Short, because unix sockets live in it. One that was used before (see `gone`) is booted again as it was left. */
  readonly dir?: string | undefined;
  /** More flags for dockerd. Podman's service has none worth a test. */
  readonly dockerdArgs?: readonly string[] | undefined;
  /** Keep images and containers in memory, at most so much (`64m`): for tests that fill the engine's disk. */
  readonly diskSize?: string | undefined;
}

export interface Engine {
  readonly kind: EngineKind;
  /** `unix:///…/docker.sock`. Inside the engine's own world it is /var/run/docker.sock as well, whatever the engine. */
  readonly host: string;
  readonly socket: string;
  readonly dir: string;
  /** The docker command line of the same version as the engine; with Podman, Debian's. */
  readonly docker: string;
  /** Which cgroup version the engine sees: what it says itself. */
  readonly cgroup: 1 | 2;
  readonly imageStore: KindRow['imageStore'];
  readonly apiVersion: string;
  readonly version: string;
  /** The process that answers (dockerd, Podman's service), as this process sees it; another one after restart(). */
  readonly daemonPid: number;
  /** The same. */
  readonly dockerdPid: number;
  readonly logFile: string;
  /** Put before a command (`nsenter …`) to run it on the machine that the engine believes to be on. */
  readonly enter: readonly [command: string, ...args: string[]];
  /** Settles when the engine's world has ended: by stop(), or because a container rebooted it. */
  readonly gone: Promise<void>;
  /** Has 127.0.0.1:PORT on the engine's side lead to a unix socket, for instance of a test's own registry. */
  forward(port: number, socket: string): Promise<void>;
  /** SIGSTOP the daemon: the socket still accepts, nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
  /**
   * End the daemon and start it again on the same folders; SIGTERM unless told otherwise. Podman's containers run on
   * meanwhile.
   */
  restart(options?: { readonly signal?: 'SIGTERM' | 'SIGKILL' }): Promise<void>;
  /** End every process of the engine and its containers, and delete the folder. May be called again. */
  stop(): Promise<void>;
}
