/** Folders of a host that hold the host itself, or the sockets and the books of its engines. */
const roots = ['/', '/run', '/usr', '/var', '/var/lib', '/var/run'];
const trees = [
  '/boot',
  '/proc',
  '/root',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/docker',
  '/var/lib/kubelet',
];
/** Parts of these are read everywhere: /etc/localtime, /sys/fs/cgroup, /dev/null. */
const whereWritten = ['/dev', '/etc', '/sys'];

/** How a mount of that path of the host is to be called in a warning; `undefined` where it is nothing to warn of. */
export function sensitiveSource(source: string, readOnly: boolean): string | undefined {
  const path = source.length > 1 ? source.replace(/\/+$/, '') : source;
  const within = (tree: string): boolean => path === tree || path.startsWith(`${tree}/`);
  const is =
    roots.includes(path) ||
    whereWritten.includes(path) ||
    path.endsWith('.sock') ||
    trees.some(within) ||
    (!readOnly && whereWritten.some(within));
  return is ? `${path} of the host` : undefined;
}
