import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flags, type Stage, type Surrounding } from './surrounding.ts';

/** Host names that are somebody else's. */
export const names: readonly Surrounding[] = [
  flags('nothing special', () => []),
  flags('--hostname of its own', () => ['--hostname', 'web-1']),
  flags("--hostname: X's name", ({ other }) => ['--hostname', other.name]),
  flags("--hostname: X's short id", ({ other }) => ['--hostname', other.id.slice(0, 12)]),
  flags("--hostname: X's id", ({ other }) => ['--hostname', other.id]),
  flags("--hostname: X's name, which looks like an id", ({ hexName }) => ['--hostname', hexName]),
  flags("HOSTNAME: X's id", ({ other }) => ['--env', `HOSTNAME=${other.id}`]),
  flags("HOSTNAME and --hostname: X's short id", ({ other }) => [
    ...['--env', `HOSTNAME=${other.id.slice(0, 12)}`, '--hostname', other.id.slice(0, 12)],
  ]),
];

const fileNames = ['hostname', 'hosts', 'resolv.conf'];

/** Mounts that hide what tells, or tell of somebody else. */
export const files: readonly Surrounding[] = [
  {
    title: 'plain files over /etc/hostname, hosts and resolv.conf',
    async ask({ ask, folder }) {
      await Promise.all(fileNames.map((name) => writeFile(join(folder, name), 'web-2\n')));
      return ask(fileNames.flatMap((name) => ['--volume', `${folder}/${name}:/etc/${name}`]));
    },
  },
  flags("X's own files over these", othersFiles),
  flags("X's own files over these, --network host", (stage) => [...othersFiles(stage), ...['--network', 'host']]),
  flags("the host's folder of containers", ({ containers }) => [
    '--volume',
    `${containers}:/var/lib/docker/containers:ro`,
  ]),
  flags("all of the host's files", () => ['--volume', '/:/host:ro']),
  flags("X's volumes", ({ other }) => ['--volumes-from', other.id]),
];

function othersFiles({ containers, other }: Stage): string[] {
  return fileNames.flatMap((name) => ['--volume', `${containers}/${other.id}/${name}:/etc/${name}:ro`]);
}

/** Parents of control groups that look like containers, or are ones. */
export const controlGroups: readonly Surrounding[] = [
  flags("--cgroup-parent that ends with X's id", ({ other }) => [
    ...['--cgroup-parent', other.cgroup.replace('/docker/', '/like/')],
  ]),
  flags("--cgroup-parent that ends with X's id, --cgroupns host", ({ other }) => [
    ...['--cgroup-parent', other.cgroup.replace('/docker/', '/like/'), '--cgroupns', 'host'],
  ]),
  flags("--cgroup-parent: X's control group", ({ other }) => ['--cgroup-parent', other.cgroup]),
  flags("--cgroup-parent: X's control group, --cgroupns host", ({ other }) => [
    '--cgroup-parent',
    other.cgroup,
    '--cgroupns',
    'host',
  ]),
];
