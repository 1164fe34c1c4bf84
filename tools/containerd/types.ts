import type { InstallOptions } from '../engines/index.ts';

/** `1.6`: Debian 12's own. `2`: the one that is unpacked with docker-28.5. */
export type ContainerdVersion = '1.6' | '2';

export interface ContainerdHostOptions extends InstallOptions {
  /** The program that the host has at /usr/local/bin/nerdctl. */
  readonly nerdctl: string;
  readonly version?: ContainerdVersion | undefined;
  /** 2: only the unified hierarchy. `host`: whatever this machine shows. The older version gets `host`, the other one 2. */
  readonly cgroup?: 'host' | 2 | undefined;
  /** containerd's namespace for `nerdctl(…)`; nerdctl's own default otherwise. */
  readonly namespace?: string | undefined;
  /** Short, because unix sockets live in it. One that was used before (see `gone`) is booted again as it was left. */
  readonly dir?: string | undefined;
  /** Further lines of containerd's config.toml, such as `[plugins."io.containerd.internal.v1.restart"]`. */
  readonly config?: string | undefined;
}

export interface NerdctlOptions {
  /** Instead of the host's. */
  readonly namespace?: string | undefined;
  /** For its standard input, which is empty otherwise. */
  readonly input?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface NerdctlResult {
  /** -1: ended by a signal. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ContainerdHost {
  readonly dir: string;
  readonly version: ContainerdVersion;
  readonly namespace: string | undefined;
  /** The host's PID 1, as this process sees it. */
  readonly pid: number;
  /** As this process sees it; another one after restart(). */
  readonly containerdPid: number;
  /** containerd's, and that of what it starts. */
  readonly logFile: string;
  /** Put before a command (`nsenter …`) to run it on the host. */
  readonly enter: readonly [command: string, ...args: string[]];
  /** PATH of the host: nerdctl, ctr and containerd of this host are in its first folder that has them. */
  readonly path: string;
  /** Settles when the host has ended: by stop(), or because a container rebooted it. */
  readonly gone: Promise<void>;
  /** Runs nerdctl on the host, with nothing of our environment: it would be stored in every container that it makes. */
  nerdctl(args: readonly string[], options?: NerdctlOptions): Promise<NerdctlResult>;
  /** SIGSTOP containerd: the socket still accepts, nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
  /** End containerd and start it again; containers go on meanwhile. SIGTERM unless told otherwise. */
  restart(options?: { readonly signal?: 'SIGTERM' | 'SIGKILL' }): Promise<void>;
  /** End every process of the host and its containers, and delete the folder. May be called again. */
  stop(): Promise<void>;
}
