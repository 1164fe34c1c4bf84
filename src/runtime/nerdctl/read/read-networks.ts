import type { ContainerSettings, NetworkEndpoint } from '../../settings.ts';
import { booksOf } from './labels.ts';
import type { NativeContainer, NativeNamespace } from './native.ts';
import { defined } from './read-limits.ts';

/** Networks, names and the modes of namespaces. */
export function readNetworks(container: NativeContainer): ContainerSettings {
  const { Labels, Spec, Process } = container;
  const { dns, extraHosts } = booksOf(container);
  const ports = Process?.NetNS?.PortMappings.map(({ HostPort, ContainerPort, Protocol, HostIP }) => ({
    containerPort: `${ContainerPort}/${Protocol}`,
    hostIp: HostIP,
    hostPort: String(HostPort),
  }));
  return defined({
    ...networksOf(container),
    hostname: (Labels['nerdctl/hostname'] ?? Spec.hostname) || undefined,
    domainname: Labels['nerdctl/domainname'] || undefined,
    macAddress: Labels['nerdctl/mac-address'] || undefined,
    dns: filled(dns?.DNSServers),
    dnsOptions: filled(dns?.DNSResolvConfOptions),
    dnsSearch: filled(dns?.DNSSearchDomains),
    extraHosts: filled(extraHosts),
    publishedPorts: filled(ports),
    ...modesOf(container),
  });
}

function networksOf(container: NativeContainer): Pick<ContainerSettings, 'networkMode' | 'networks'> {
  const { Labels, Spec } = container;
  const [main, ...others] = booksOf(container).networks ?? [];
  if (main === undefined) {
    const namespace = Spec.linux.namespaces.find(({ type }) => type === 'network');
    if (namespace === undefined || isOfHost(namespace)) return { networkMode: 'host' };
    // Somebody else has made it: a pod, for all that is in it.
    return { networkMode: namespace.path === undefined ? 'none' : `ns:${namespace.path}` };
  }
  if (/^(?:host|none|container:.*)$/.test(main)) return { networkMode: main };
  const endpoint: NetworkEndpoint = defined({
    ipv4Address: Labels['nerdctl/ip-address'] || undefined,
    ipv6Address: Labels['nerdctl/ip6-address'] || undefined,
  });
  return { networkMode: main, networks: { [main]: endpoint, ...Object.fromEntries(others.map((name) => [name, {}])) } };
}

type Modes = Pick<ContainerSettings, 'pidMode' | 'ipcMode' | 'utsMode' | 'cgroupnsMode'>;

/** Those of `ctr` and others name it instead of leaving it out. */
function isOfHost({ type, path }: NativeNamespace): boolean {
  return path === `/proc/1/ns/${type === 'network' ? 'net' : type}`;
}

/** A namespace of somebody else's that nerdctl cannot join by its path, as the members of a pod do. */
export function joinedByOthers({ Labels, Spec }: NativeContainer): string[] {
  const ofNerdctl = Labels['nerdctl/networks'] !== undefined;
  return Spec.linux.namespaces
    .filter((one) => one.path !== undefined && one.type !== 'network' && !isOfHost(one) && !ofNerdctl)
    .map(({ type }) => `linux.namespaces.${type}`);
}

/** A namespace that is missing in the spec is the host's. */
function modesOf(container: NativeContainer): Modes {
  const { Labels, Spec } = container;
  const namespaces = new Set(Spec.linux.namespaces.filter((one) => !isOfHost(one)).map(({ type }) => type));
  const joined = Labels['nerdctl/pid-container'];
  const ipc = booksOf(container).ipc?.mode;
  return {
    pidMode: joined ? `container:${joined}` : namespaces.has('pid') ? undefined : 'host',
    ipcMode: ipc === undefined || ipc === 'private' ? (namespaces.has('ipc') ? undefined : 'host') : ipc,
    utsMode: namespaces.has('uts') ? undefined : 'host',
    // With cgroup v1 there is none of its own, unless somebody asks for it: nothing to be told.
    cgroupnsMode: namespaces.has('cgroup') ? 'private' : undefined,
  };
}

function filled<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}
