import type { SettingCase } from './types.ts';

/** As people use them. */
export const mixtureCases: readonly SettingCase[] = [
  {
    name: 'a provisioning action',
    flags: ({ folder }) => [
      ...['--privileged', '--pid', 'host', '--network', 'host', '-e', 'BLOCK_DEVICE=/dev/sda'],
      ...['-v', `${folder}:/statedir`, '-v', '/dev:/dev', '-v', '/dev/console:/dev/console'],
    ],
  },
  {
    name: 'a job of a CI system',
    prepare: async (stage) => {
      await stage.volume('cache');
      await stage.network('job');
      await stage.other('service', '--network', stage.named('job'), '--network-alias', 'postgres');
    },
    flags: ({ named, folder }) => [
      ...['--network', named('job'), '--network-alias', 'build', '--label', 'com.gitlab.job=1', '-w', '/builds/a b'],
      ...['-e', 'CI=true', '-e', 'CI_TOKEN=$ecret', '-v', `${named('cache')}:/cache`, '-v', `${folder}:/builds/a b`],
      ...['--cap-drop', 'NET_RAW', '--shm-size', '64m', '--ulimit', 'nofile=1024', '--entrypoint', ''],
    ],
    words: ['sh', '-c', 'if [ -x /bin/sh ]; then exec sleep 1000; fi'],
  },
  {
    name: 'a development container',
    prepare: async (stage) => void (await stage.volume('extensions')),
    flags: ({ named, folder }) => [
      ...['--mount', `type=bind,source=${folder},target=/workspaces/a b,consistency=cached`],
      ...['--mount', `type=volume,source=${named('extensions')},target=/extensions`],
      ...[
        '-u',
        '1000:1000',
        '--group-add',
        '1234',
        '--init',
        '--cap-add',
        'SYS_PTRACE',
        '--security-opt',
        'seccomp=unconfined',
      ],
      ...[
        '--label',
        'devcontainer.local_folder=/a b',
        '--add-host',
        'host.docker.internal:host-gateway',
        '-p',
        '127.0.0.1::3000',
      ],
    ],
  },
  {
    name: 'a web service',
    prepare: async (stage) => {
      await stage.network('front');
      await stage.volume('data');
    },
    flags: ({ named, port }) => [
      ...['--network', named('front'), '--network-alias', 'web', '-p', `${port}:80`, '--restart', 'unless-stopped'],
      ...[
        '--health-cmd',
        'wget -q -O - http://localhost/ || exit 1',
        '--health-interval',
        '30s',
        '--health-retries',
        '3',
      ],
      ...[
        '-v',
        `${named('data')}:/data`,
        '--memory',
        '64m',
        '--log-opt',
        'max-size=10m',
        '--stop-signal',
        'SIGQUIT',
        '--stop-timeout',
        '20',
      ],
      ...['--label', 'traefik.http.routers.web.rule=Host(`example.org`) && PathPrefix(`/a`)'],
    ],
  },
  {
    name: 'a service behind two networks',
    prepare: async (stage) => {
      await stage.network('front');
      await stage.networkWithSubnet('back');
    },
    flags: ({ named }) => [
      '--network',
      named('front'),
      '--network-alias',
      'web',
      '--hostname',
      'web',
      '--dns-search',
      'example.org',
    ],
    connect: (stage) => [['--alias', 'db-client', '--ip', stage.addressIn('back', 20), stage.named('back')]],
  },
  {
    name: 'a locked container',
    flags: [
      ...[
        '--read-only',
        '--tmpfs',
        '/tmp:size=1m,noexec',
        '--tmpfs',
        '/run',
        '--cap-drop',
        'ALL',
        '--cap-add',
        'NET_BIND_SERVICE',
      ],
      ...[
        '--security-opt',
        'no-new-privileges',
        '--user',
        '65534:65534',
        '--pids-limit',
        '50',
        '--network',
        'none',
        '--ipc',
        'none',
      ],
    ],
  },
  {
    name: 'a container beside another one',
    prepare: async (stage) => void (await stage.other('main', '--ipc', 'shareable', '-v', '/shared')),
    flags: ({ named }) => [
      ...[
        '--network',
        `container:${named('main')}`,
        '--pid',
        `container:${named('main')}`,
        '--ipc',
        `container:${named('main')}`,
      ],
      ...['--volumes-from', named('main'), '--cap-add', 'SYS_PTRACE', '-e', 'ROLE=sidecar'],
    ],
  },
  {
    name: 'an agent that watches the host',
    flags: [
      ...['--pid', 'host', '--network', 'host', '--uts', 'host', '--cgroupns', 'host', '-v', '/:/host:ro,rslave'],
      ...[
        '-v',
        '/sys:/sys:ro',
        '--cap-add',
        'SYS_ADMIN',
        '--security-opt',
        'apparmor=unconfined',
        '--oom-score-adj',
        '100',
      ],
    ],
  },
  {
    name: 'a service with limits',
    flags: [
      ...[
        '--memory',
        '128m',
        '--memory-reservation',
        '64m',
        '--memory-swap',
        '-1',
        '--cpu-shares',
        '256',
        '--cpuset-cpus',
        '0',
      ],
      ...[
        '--pids-limit',
        '200',
        '--ulimit',
        'nofile=1024:2048',
        '--shm-size',
        '128m',
        '--oom-score-adj',
        '300',
        '--sysctl',
        'net.ipv4.ip_forward=1',
      ],
    ],
  },
  {
    name: 'a container for graphics',
    unstartable: 'there is no GPU here',
    flags: [
      ...[
        '--gpus',
        'all',
        '-e',
        'NVIDIA_VISIBLE_DEVICES=all',
        '--ipc',
        'host',
        '--ulimit',
        'memlock=-1',
        '--shm-size',
        '1g',
      ],
      ...['--device', '/dev/fuse', '--group-add', '44'],
    ],
  },
  {
    name: 'a terminal for somebody',
    flags: ({ folder }) => [
      '-t',
      '-i',
      '-v',
      `${folder}:/home/a b:rw`,
      '-w',
      '/home/a b',
      '-e',
      'TERM=xterm-256color',
      '-h',
      'shell',
    ],
    words: ['sh'],
  },
  {
    name: 'a container made by a program',
    body: ({ folder }) => ({
      Env: ['A=1', 'B=a=b'],
      Entrypoint: ['/bin/sh', '-c', 'sleep "$1"', 'name'],
      Cmd: ['1000'],
      OpenStdin: true,
      Labels: { 'org.example': '', 'a.b/c': '{"json": [1, "$2"]}' },
      HostConfig: {
        Binds: [`${folder}:/one`, `${folder}:/two:ro`],
        Mounts: [
          { Type: 'tmpfs', Target: '/quick', TmpfsOptions: { SizeBytes: 1_000_000, Mode: 0o1777 } },
          { Type: 'bind', Source: folder, Target: '/three', ReadOnly: true },
        ],
        Init: true,
        PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
        SecurityOpt: ['no-new-privileges:true'],
      },
    }),
  },
  {
    name: 'many mounts',
    prepare: async (stage) => {
      await stage.volume('one');
      await stage.volume('two');
      await stage.other('donor', '-v', '/given');
    },
    flags: ({ named, folder, file }) => [
      ...[
        '-v',
        `${folder}:/a:ro`,
        '-v',
        `${file}:/a.conf:ro`,
        '-v',
        `${named('one')}:/b:nocopy`,
        '-v',
        '/c',
        '--tmpfs',
        '/d:size=1m',
      ],
      ...['--mount', `type=volume,src=${named('two')},dst=/e,readonly`, '--mount', 'type=tmpfs,dst=/f,tmpfs-mode=1777'],
      ...['--mount', `type=bind,src=${folder},dst=/g,bind-propagation=rslave`, '--volumes-from', named('donor')],
    ],
  },
];
