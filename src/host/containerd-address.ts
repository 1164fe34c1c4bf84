import { parse, TomlError } from 'smol-toml';
import { InvalidArgumentError } from '../errors.ts';
import { usualAddress } from '../runtime/nerdctl/command/way.ts';
import { type HostView, readHost } from './host-view.ts';
import { detectRootless } from './rootless.ts';
import { type RootlessPlaces, rootlessPlaces } from './rootless-places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a containerd is to be found. */
export interface ContainerdAddress {
  /** Path of its socket, as it is seen from here. */
  readonly address: string;
  /** What named it, for people: `address`, `CONTAINERD_ADDRESS`, the path of a file, or of the socket. */
  readonly by: string;
  /** The process whose namespaces a client has to enter; only of a rootless containerd. */
  readonly childPid: number | undefined;
}

export interface ContainerdAddressOptions {
  /** As a flag would have it; wins over all. */
  readonly address?: string | undefined;
  readonly env: Environment;
}

/** In the order in which they are looked for. */
const others = ['/run/k3s/containerd/containerd.sock', '/var/snap/microk8s/common/run/containerd.sock'];

/**
 * The address as nerdctl finds it: what is asked for, `CONTAINERD_ADDRESS`, `address` of nerdctl.toml; then the
 * rootless containerd of a user who is not root, where it runs; then the usual socket, that of k3s or RKE2, and that
 * of MicroK8s, the first that is there; else the usual one. Whether somebody answers there is not asked.
 * @throws InvalidArgumentError for an address that is no path and a nerdctl.toml that is none, Error for files that may not be read
 */
export function resolveContainerdAddress(
  { address, env }: ContainerdAddressOptions,
  host: HostView = readHost(),
): ContainerdAddress {
  const { rootless } = detectRootless('auto', host);
  const places = rootless ? rootlessPlaces(env, host) : undefined;
  if (address) return { address: pathIn('address', address), by: 'address', childPid: undefined };
  const variable = env['CONTAINERD_ADDRESS'];
  if (variable)
    return { address: pathIn('CONTAINERD_ADDRESS', variable), by: 'CONTAINERD_ADDRESS', childPid: undefined };
  const file = env['NERDCTL_TOML'] || places?.nerdctlToml || '/etc/nerdctl/nerdctl.toml';
  const named = addressIn(host.read(file) ?? '', file);
  if (named) return { address: pathIn(`address in ${file}`, named), by: file, childPid: undefined };
  const own = places && rootlessAddress(places, host);
  if (own !== undefined) return own;
  const found = [usualAddress, ...others].find((path) => host.isSocket(path)) ?? usualAddress;
  return { address: found, by: found, childPid: undefined };
}

/** That of a rootless containerd that runs, as the processes outside of its namespaces see it. */
export function rootlessAddress(places: RootlessPlaces, host: HostView): ContainerdAddress | undefined {
  const childPid = readChildPid(places, host);
  const address = `/proc/${childPid}/root${usualAddress}`;
  return childPid !== undefined && host.isSocket(address) ? { address, by: places.childPidFile, childPid } : undefined;
}

/** The process whose namespaces a rootless containerd is in, or was. */
export function readChildPid({ childPidFile }: RootlessPlaces, host: HostView): number | undefined {
  const text = host.read(childPidFile)?.trim() ?? '';
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

/** As nerdctl's settings have it, where they do. */
function addressIn(text: string, file: string): string | undefined {
  try {
    const { address } = parse(text);
    return typeof address === 'string' ? address : undefined;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new InvalidArgumentError(file, `is no TOML, in line ${error.line}, column ${error.column}`);
  }
}

function pathIn(field: string, value: string): string {
  const path = value.replace(/^unix:\/\//, '');
  if (!path.startsWith('/') || path.includes('\0'))
    throw new InvalidArgumentError(field, `${JSON.stringify(value)}: expected an absolute path, or unix:// and one`);
  return path;
}
