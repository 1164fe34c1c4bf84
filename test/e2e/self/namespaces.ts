import { isPodman } from '../../support/podman.ts';
import { flags, type Surrounding } from './surrounding.ts';

/** Every combination of the host's namespaces. */
const hostNamespaces = ['network', 'uts', 'pid', 'ipc'];
const combinations = [...Array(2 ** hostNamespaces.length).keys()]
  .slice(1)
  .map((bits) => hostNamespaces.filter((_, index) => (bits >> index) & 1).flatMap((name) => [`--${name}`, 'host']))
  .map((words) => flags(words.join(' '), () => words));

export const namespaces: readonly Surrounding[] = [
  ...combinations,
  flags('--cgroupns private', () => ['--cgroupns', 'private']),
  flags('--cgroupns host', () => ['--cgroupns', 'host']),
  flags('--cgroupns host --network host', () => ['--cgroupns', 'host', '--network', 'host']),
  flags('--userns host', () => ['--userns', 'host']),
];

const weak = ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

/** What is another container's then: the host name and the files of the network, its processes, its shared memory. */
const joined = (title: string, words: readonly string[]): Surrounding =>
  flags(title.replaceAll('container:', 'container:X').replace(weak.join(' '), '(no privileges)'), ({ other }) =>
    words.map((word) => (word === 'container:' ? `container:${other.id}` : word)),
  );
const network = ['--network', 'container:'];
const pid = ['--pid', 'container:'];
const ipc = ['--ipc', 'container:'];

export const sharedNamespaces: readonly Surrounding[] = [
  ...[
    [network],
    [network, ['--read-only']],
    [network, pid],
    [network, pid, ['--read-only']],
    [network, pid, ipc, ['--read-only'], weak],
    [network, ['--cgroupns', 'host']],
    [network, ['--pid', 'host', '--uts', 'host']],
    [pid],
    [ipc],
  ].map((parts) => joined(parts.flat().join(' '), parts.flat())),
  flags("--network container:X in X's own control group", ({ other }) => [
    ...['--network', `container:${other.id}`, '--pid', `container:${other.id}`],
    ...['--cgroup-parent', other.cgroup],
  ]),
  {
    title: '--network container:X, which is gone',
    lacks: (engine) => (isPodman(engine) ? 'Podman does not remove a container that others depend on' : undefined),
    async ask({ docker, start, engine }) {
      const owner = await start('offshoot:dev', 'sleep', '600');
      const right = await start(
        ...['--network', `container:${owner}`, '--volume', `${engine.socket}:/var/run/docker.sock`],
        ...['offshoot:dev', 'sleep', '600'],
      );
      await docker.ok('rm', '--force', owner);
      return { right, ...(await docker.call('exec', right, 'offshoot', 'self')) };
    },
  },
];
