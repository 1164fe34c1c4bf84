import type { RootlessPlaces } from './rootless-places.ts';
import { type RootlessPrograms, searchPath } from './rootless-needs.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * In namespaces of its own: /run, /etc and /var/lib are copies there, full of links to the real ones. What is
 * containerd's gets folders of the user's in their places, as `containerd-rootless.sh` does it.
 */
const within: string = [
  'set -eu',
  'rm -f /run/containerd /run/xtables.lock /var/lib/containerd /var/lib/cni /etc/containerd',
  'own() { mkdir -p "$1" "$2"; mount --bind "$1" "$2"; }',
  'own "$XDG_RUNTIME_DIR/containerd" /run/containerd',
  'own "$XDG_DATA_HOME/containerd" /var/lib/containerd',
  'own "$XDG_DATA_HOME/cni" /var/lib/cni',
  'own "$XDG_CONFIG_HOME/containerd" /etc/containerd',
  'exec "$0"',
].join('; ');

/** How a containerd without root is started. */
export function startCommand(
  { script, rootlesskit = '', containerd = '', network = 'slirp4netns' }: RootlessPrograms,
  { stateDir }: RootlessPlaces,
): readonly [program: string, ...args: string[]] {
  if (script !== undefined) return [script];
  return [
    rootlesskit,
    `--state-dir=${stateDir}`,
    ...[`--net=${network}`, '--mtu=65520', '--port-driver=builtin', '--disable-host-loopback'],
    ...['--copy-up=/etc', '--copy-up=/run', '--copy-up=/var/lib', '--propagation=rslave'],
    ...['sh', '-c', within, containerd],
  ];
}

/** What of our environment is the daemon's: where its things are, and how it reaches registries. */
export function startEnvironment(
  env: Environment,
  { runtimeDir, dataHome, configHome }: RootlessPlaces,
): Record<string, string> {
  const passed = Object.entries(env).filter(
    ([name, value]) =>
      value && /^(?:HOME|USER|LOGNAME|TMPDIR|DBUS_SESSION_BUS_ADDRESS|CONTAINERD_.*|(?:HTTPS?|NO)_PROXY)$/i.test(name),
  );
  return {
    ...(Object.fromEntries(passed) as Record<string, string>),
    PATH: searchPath(env),
    XDG_RUNTIME_DIR: runtimeDir,
    XDG_DATA_HOME: dataHome,
    XDG_CONFIG_HOME: configHome,
  };
}
