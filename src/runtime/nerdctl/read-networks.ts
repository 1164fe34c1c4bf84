import type { ContainerSettings, NetworkEndpoint } from '../settings.ts';
import { booksOf } from './labels.ts';
import type { NativeContainer } from './native.ts';
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
    if (namespace === undefined) return { networkMode: 'host' };
    // Somebody else has connected it to what only that one knows; or nobody has, and it has none.
    return namespace.path === undefined ? { networkMode: 'none' } : {};
  }
  if (/^(?:host|none|container:.*)$/.test(main)) return { networkMode: main };
  const endpoint: NetworkEndpoint = defined({
    ipv4Address: Labels['nerdctl/ip-address'] || undefined,
    ipv6Address: Labels['nerdctl/ip6-address'] || undefined,
  });
  return { networkMode: main, networks: { [main]: endpoint, ...Object.fromEntries(others.map((name) => [name, {}])) } };
}

type Modes = Pick<ContainerSettings, 'pidMode' | 'ipcMode' | 'utsMode' | 'cgroupnsMode'>;

/** A namespace that is missing in the spec is the host's. */
function modesOf(container: NativeContainer): Modes {
  const { Labels, Spec } = container;
  const namespaces = new Map(Spec.linux.namespaces.map(({ type, path }) => [type, path]));
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
