import { posix } from 'node:path';

/** Folders of a host that hold the host itself, or the sockets and the books of its engines. */
const roots = ['/', '/dev', '/etc', '/run', '/sys', '/usr', '/var', '/var/lib', '/var/run'];
const engines = ['containerd', 'containers', 'crio', 'dbus', 'docker', 'k3s', 'podman', 'systemd'];
const trees = [
  ...['/boot', '/proc', '/root', '/var/lib/containerd', '/var/lib/containers', '/var/lib/docker', '/var/lib/kubelet'],
  ...engines.flatMap((name) => [`/run/${name}`, `/var/run/${name}`]),
];
/** Engines without root. */
const ofUser = /^(?:\/var)?\/run\/user\/\d+(?:\/(?:containerd.*|docker|podman))?$/;
/** Parts of these are read everywhere: /etc/localtime, /sys/fs/cgroup, /dev/null. */
const whereWritten = [
  ...['/bin', '/dev', '/etc', '/lib', '/lib64', '/opt/cni', '/sbin', '/sys', '/var/spool/cron'],
  ...['bin', 'lib', 'lib64', 'libexec', 'local', 'sbin'].map((name) => `/usr/${name}`),
];

/** How a mount of that path of the host is to be called in a warning; `undefined` where it is nothing to warn of. */
export function sensitiveSource(source: string, readOnly: boolean): string | undefined {
  if (!source.startsWith('/')) return undefined; // a volume
  // An engine keeps `//` and `/srv/..` as they were asked for, and mounts the root.
  const path = `/${posix.normalize(source).replaceAll(/^\/+|\/+$/g, '')}`;
  const within = (tree: string): boolean => path === tree || path.startsWith(`${tree}/`);
  const is =
    roots.includes(path) ||
    path.endsWith('.sock') ||
    trees.some(within) ||
    ofUser.test(path) ||
    (!readOnly && whereWritten.some(within));
  return is ? `${path} of the host` : undefined;
}
