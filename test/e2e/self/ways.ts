import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { socketMount } from '../../support/docker.ts';
import { layerIn, parseMountinfo, upperDirOf } from '../../../src/self/proc.ts';
import { isPodman } from '../../support/podman.ts';
import { flags, type Stage, type Surrounding, tellsLayers } from './surrounding.ts';

const asNobody = ({ engine }: Stage): string[] => [
  ...['--user', '65534:65534', '--group-add', String(statSync(engine.socket).gid)],
];

/** More and fewer privileges. */
export const privileges: readonly Surrounding[] = [
  flags('--privileged', () => ['--privileged']),
  flags('--privileged --pid host', () => ['--privileged', '--pid', 'host']),
  flags('--read-only', () => ['--read-only']),
  flags('--read-only --tmpfs /tmp --tmpfs /run', () => ['--read-only', '--tmpfs', '/tmp', '--tmpfs', '/run']),
  flags('--tmpfs /tmp', () => ['--tmpfs', '/tmp']),
  flags('--user 65534', asNobody),
  flags('--user 65534 --read-only --network container:X', (stage) => [
    ...asNobody(stage),
    ...['--read-only', '--network', `container:${stage.other.id}`],
  ]),
  flags('--init', () => ['--init']),
];

const busybox = ['--volume', '/bin/busybox:/bin/busybox:ro'];
/** In a process that is not the container's first one. */
const child = (script: string): string[] => ['sh', '-c', 'sh -c "$1"; exit $?', 'sh', script];

/** Moves the shell into this group of every hierarchy. */
const joinGroups = (group: string): string =>
  `[ -e /sys/fs/cgroup/cgroup.procs ] && roots=/sys/fs/cgroup || roots=/sys/fs/cgroup/*
  for root in $roots; do mkdir -p $root/${group} && echo $$ >$root/${group}/cgroup.procs; done`;

const launcherFromSource = fileURLToPath(new URL('../../support/launcher-from-source.ts', import.meta.url));

/** Is this machine a container itself? Then the host's files are another layer than the container's. */
const isOnLayer = layerIn(upperDirOf(parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8')))) !== undefined;

/** Other ways into a container than as its first process, and none at all. */
export const ways: readonly Surrounding[] = [
  {
    title: 'docker exec',
    async ask({ docker, other }) {
      return { right: other.id, ...(await docker.call('exec', other.id, 'offshoot', 'self')) };
    },
  },
  {
    title: 'started again, under another name',
    async ask({ docker, engine }) {
      const right = await docker.ok(
        'create',
        '--label',
        docker.mark,
        ...socketMount(engine),
        'offshoot:dev',
        'offshoot',
        'self',
      );
      await docker.ok('start', '--attach', right);
      await docker.ok('rename', right, `${docker.mark}-renamed`);
      return { right, ...(await docker.call('start', '--attach', right)) };
    },
  },
  {
    title: 'two alike in everything, at the same time',
    async ask({ ask, other }) {
      const alike = ['--network', `container:${other.id}`, '--env', 'A=1', '--read-only'];
      const both = await Promise.all([ask(alike), ask(alike)]);
      return both.find(({ right, stdout }) => !stdout.includes(`"id":"${right}"`)) ?? both[0];
    },
  },
  {
    title: 'in a control group below its own',
    ask: ({ ask }) => ask(['--privileged'], { command: child(`${joinGroups('offshoot-below')}; exec offshoot self`) }),
  },
  {
    title: "in X's control group",
    ask: ({ ask, other }) =>
      ask(['--privileged', '--cgroupns', 'host', '--volume', '/sys/fs/cgroup:/sys/fs/cgroup'], {
        command: child(`${joinGroups(other.cgroup)}; exec offshoot self`),
      }),
    // The engine lists our process as the other's, but in another mount namespace.
    proof: (engine) => (tellsLayers(engine) ? 'layer' : 'refused'),
    because: /nested in it/,
  },
  {
    title: 'unshare --mount in it',
    ask: ({ ask }) => ask([...busybox, '--privileged'], { command: child('exec busybox unshare -m offshoot self') }),
    // The process is in another mount namespace then, as that of a container nested in it would be.
    proof: (engine) => (tellsLayers(engine) ? 'layer' : 'file'),
  },
  {
    title: "chroot into the host's files",
    ask: ({ ask, engine }) =>
      ask([...busybox, '--volume', '/:/host', '--env', `DOCKER_HOST=${engine.host}`], {
        command: ['busybox', 'chroot', '/host', process.execPath, launcherFromSource, 'self'],
      }),
    proof: (engine) => ((tellsLayers(engine) && isOnLayer) || isPodman(engine) ? 'refused' : 'process'),
    // The file that we make to prove it is one of the host's.
    because: /its writable layer is not our root|a file that we have just made is not in/,
  },
  {
    title: 'OFFSHOOT_SELF: the right one',
    ask: ({ ask, docker }) => {
      const name = `${docker.mark}-right`;
      return ask(['--name', name, '--env', `OFFSHOOT_SELF=${name}`]);
    },
  },
  {
    title: 'OFFSHOOT_SELF: X',
    ask: ({ ask, other }) => ask(['--env', `OFFSHOOT_SELF=${other.name}`]),
    proof: () => 'refused',
    because: /: (?:its writable layer is not our root|our process is not among its processes)/,
  },
  {
    title: 'OFFSHOOT_SELF: nobody',
    ask: ({ ask }) => ask(['--env', 'OFFSHOOT_SELF=nobody']),
    proof: () => 'refused',
    because: /nobody: this engine has no such container \(OFFSHOOT_SELF\)/,
  },
  {
    title: 'in no container: a process of the host',
    async ask({ engine }) {
      const env = { DOCKER_HOST: engine.host };
      const {
        exitCode = -1,
        stdout,
        stderr,
      } = await execa(process.execPath, [launcherFromSource, 'self'], {
        env,
        reject: false,
        stdin: 'ignore',
      });
      return { right: undefined, exitCode, stdout, stderr };
    },
    proof: () => 'refused',
    because: /our process is not among its processes \(it runs/,
  },
];
