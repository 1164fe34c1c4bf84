import { posix } from 'node:path';
import type { HostView } from './host-view.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a user's own containerd has its files, as nerdctl's `containerd-rootless.sh` lays them out. */
export interface RootlessPlaces {
  readonly runtimeDir: string;
  /** RootlessKit's own. */
  readonly stateDir: string;
  /** Holds the process whose namespaces containerd is in. */
  readonly childPidFile: string;
  /** containerd's images and containers. */
  readonly dataHome: string;
  readonly configHome: string;
  readonly nerdctlToml: string;
  /** What the daemon says when we have started it. */
  readonly logFile: string;
}

export function rootlessPlaces(env: Environment, { uid }: Pick<HostView, 'uid'>): RootlessPlaces {
  const home = env['HOME'] || '/';
  const runtimeDir = env['XDG_RUNTIME_DIR'] || `/run/user/${uid}`;
  const dataHome = env['XDG_DATA_HOME'] || posix.join(home, '.local/share');
  const configHome = env['XDG_CONFIG_HOME'] || posix.join(home, '.config');
  const stateDir = env['CONTAINERD_ROOTLESS_ROOTLESSKIT_STATE_DIR'] || posix.join(runtimeDir, 'containerd-rootless');
  return {
    ...{ runtimeDir, stateDir, dataHome, configHome },
    childPidFile: posix.join(stateDir, 'child_pid'),
    nerdctlToml: posix.join(configHome, 'nerdctl/nerdctl.toml'),
    logFile: posix.join(runtimeDir, 'offshoot-containerd.log'),
  };
}
