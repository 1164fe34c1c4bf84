import { describe, expect, it } from 'vitest';
import { dockerRun } from '../../../src/render/docker-run.ts';
import { type Asked, requestFor, rich } from './requests.ts';

const shown = { showValues: true };

describe('a docker command line', () => {
  it('says all that it can', () => {
    const { text, notes } = dockerRun({ ...requestFor(rich, '1.41'), platform: 'linux/amd64' }, shown);
    expect(text).toBe(String.raw`docker create \
  --name web-2 \
  --platform linux/amd64 \
  --network front \
  --network-alias web \
  --env 'TOKEN=a $b' \
  --env EMPTY= \
  --user 101:101 \
  --tty \
  --stop-timeout 0 \
  --label 'traefik.rule=Host(${'`'}a${'`'})' \
  --health-cmd 'wget -q localhost || exit 1' \
  --health-interval 90s \
  --health-timeout 1500ms \
  --health-retries 3 \
  --volume '/srv/a b:/data:ro' \
  --volume cache:/cache \
  --publish 8080:80 \
  --publish '[::1]::53/udp' \
  --cap-drop ALL \
  --memory 512m \
  --memory-swap -1 \
  --cpus 1.5 \
  --ulimit nofile=1024:2048 \
  --init=false \
  --log-driver json-file \
  --log-opt max-size=10m \
  --restart on-failure:3 \
  --mount type=tmpfs,target=/quick,tmpfs-size=1048576,tmpfs-mode=0700 \
  --mount 'type=volume,source=data,target=/d,readonly,volume-nocopy,"volume-label=a=b,c"' \
  --security-opt no-new-privileges \
  nginx:1.27 nginx -g 'daemon off; # it'\''s' && \
docker network connect \
  --alias Web \
  --ip 10.0.0.7 \
  back web-2 && \
docker start web-2
`);
    expect(notes).toEqual(['Shell: docker run cannot say this']);
  });

  it('takes values of variables from the environment unless they are to be shown', () => {
    const { text, notes } = dockerRun(requestFor({ env: ['TOKEN=secret', 'OTHER=x', 'GONE'] }), { showValues: false });
    expect(text).toBe(
      'docker run -d \\\n  --name web-2 \\\n  --env TOKEN \\\n  --env OTHER \\\n  --env GONE \\\n  nginx:1.27\n',
    );
    expect(notes).toEqual([
      'Env: values are not shown; each is taken from the environment in which this is run',
      'Env: GONE is to be unset, and must not be in the environment in which this is run',
    ]);
  });
});

/** The lines after the name, without the image. */
function linesOf(asked: Asked, apiVersion?: string): { readonly lines: string[]; readonly notes: readonly string[] } {
  const { text, notes } = dockerRun(requestFor(asked, apiVersion), shown);
  return { lines: text.trimEnd().split(' \\\n  ').slice(2), notes };
}

describe('a setting', () => {
  it.each<[string, Asked, string[]]>([
    ['cleared entrypoint', { entrypoint: [], command: ['a'] }, ["--entrypoint ''", 'nginx:1.27 a']],
    [
      'a port of the engine’s choice',
      { publishedPorts: [{ containerPort: '80/tcp' }] },
      ['--publish 80', 'nginx:1.27'],
    ],
    [
      'a device with permissions',
      { devices: [{ pathOnHost: '/dev/a', pathInContainer: '/dev/b', cgroupPermissions: 'r' }] },
      ['--device /dev/a:/dev/b:r', 'nginx:1.27'],
    ],
    [
      'no paths hidden',
      { maskedPaths: [], readonlyPaths: [] },
      ['--security-opt systempaths=unconfined', 'nginx:1.27'],
    ],
    [
      'GPUs',
      {
        deviceRequests: [
          { driver: 'nvidia', deviceIds: ['0', '1'], capabilities: [['gpu', 'compute']], options: { a: 'b' } },
        ],
      },
      [`--gpus 'driver=nvidia,"device=0,1",capabilities=compute,options=a=b'`, 'nginx:1.27'],
    ],
    ['all GPUs', { deviceRequests: [{ count: -1, capabilities: [['gpu']] }] }, ['--gpus count=all', 'nginx:1.27']],
    ['CDI', { deviceRequests: [{ driver: 'cdi', deviceIds: ['a.com/b=c'] }] }, ['--device a.com/b=c', 'nginx:1.27']],
    [
      'options of a network',
      { networkMode: 'front', networks: { front: { aliases: ['Web'], driverOpts: { a: 'b,c' }, gwPriority: 3 } } },
      [`--network 'name=front,"driver-opt=a=b,c",gw-priority=3'`, '--network-alias Web', 'nginx:1.27'],
    ],
    [
      'two networks at once',
      { networkMode: 'front', networks: { front: {}, back: { aliases: ['web'], ipv6Address: '2001:db8::1' } } },
      ['--network front', '--network name=back,alias=web,ip6=2001:db8::1', 'nginx:1.27'],
    ],
    [
      'a link in a network of the user, which is said twice',
      { networkMode: 'front', links: ['db:sql'], networks: { front: { links: ['db:sql'] } } },
      ['--network front', '--link db:sql', 'nginx:1.27'],
    ],
    ['a MAC address', { macAddress: '02:42:ac:11:00:77' }, ['--mac-address 02:42:ac:11:00:77', 'nginx:1.27']],
    ['no swappiness', { memorySwappiness: 0 }, ['--memory-swappiness 0', 'nginx:1.27']],
  ])('%s', (_, asked, lines) => {
    expect(linesOf(asked)).toEqual({ lines, notes: [] });
  });

  it('a seccomp profile comes over standard input', () => {
    const { text } = dockerRun(requestFor({ securityOpt: [`seccomp={"a":"it's"}`] }), shown);
    expect(text).toBe(
      String.raw`printf %s '{"a":"it'\''s"}' | docker run -d \
  --name web-2 \
  --security-opt seccomp=/dev/stdin \
  nginx:1.27
`,
    );
  });

  it('an input that is open for one client is so by docker create only', () => {
    const { text, notes } = dockerRun(requestFor({ openStdin: true, stdinOnce: true }), shown);
    expect(text).toBe(
      'docker create \\\n  --name web-2 \\\n  --interactive \\\n  nginx:1.27 && \\\ndocker start web-2\n',
    );
    expect(notes).toEqual([]);
  });

  it('a network whose name is not in lower case is connected afterwards, as only that keeps its options', () => {
    const networks = { front: {}, Back: { aliases: ['Web'], driverOpts: { Key: 'Value' } } };
    const { text, notes } = dockerRun(requestFor({ networkMode: 'front', networks }), shown);
    expect(text).toContain(
      'docker network connect \\\n  --alias Web \\\n  --driver-opt Key=Value \\\n  Back web-2 && \\\n',
    );
    expect(notes).toEqual([]);
  });
});

describe('what it cannot say is told', () => {
  it.each<[string, Asked, string[]]>([
    ['an entrypoint of several words', { entrypoint: ['a', 'b'] }, ['Entrypoint']],
    ['a cleared entrypoint without a command', { override: { Entrypoint: [] } }, ['Entrypoint']],
    ['a check without a shell', { healthcheck: { test: ['CMD', 'a'] } }, ['Healthcheck.Test']],
    ['a check that is off and has times', { healthcheck: { test: ['NONE'], interval: 1e9 } }, ['Healthcheck.Interval']],
    [
      'some paths hidden',
      { maskedPaths: ['/a'], readonlyPaths: [] },
      ['HostConfig.MaskedPaths', 'HostConfig.ReadonlyPaths'],
    ],
    ['a label with spaces', { labels: { 'a b': 'c' } }, ['Labels']],
    ['a name with =', { annotations: { 'a=b': 'c' } }, ['HostConfig.Annotations']],
    ['a setting of the kernel that it does not take', { sysctls: { 'user.max': '1' } }, ['HostConfig.Sysctls']],
    [
      'options of a driver without any',
      { logConfig: { type: 'none', config: { a: 'b' } } },
      ['HostConfig.LogConfig.Config'],
    ],
    ['whose control group', { cgroup: 'container:a' }, ['HostConfig.Cgroup']],
    ['no network at all', { networkDisabled: true }, ['NetworkDisabled']],
    [
      'aliases in the default network',
      { networks: { bridge: { aliases: ['a'] } } },
      ['NetworkingConfig.EndpointsConfig.bridge.Aliases'],
    ],
    [
      'options of a network in capital letters',
      { networkMode: 'front', networks: { front: { driverOpts: { Key: 'Value' } } } },
      ['NetworkingConfig.EndpointsConfig.front'],
    ],
    [
      'a recursively read-only mount without what it wants beside it',
      { mounts: [{ type: 'bind', source: '/a', target: '/b', bindOptions: { readOnlyForceRecursive: true } }] },
      ['HostConfig.Mounts.0.BindOptions'],
    ],
    ['what nobody knows yet', { override: { HostConfig: { IOMaximumIOps: 5 } } }, ['HostConfig.IOMaximumIOps']],
    ['what is about a client', { override: { AttachStdout: true } }, ['AttachStdout']],
    ['a zero byte', { user: 'a\0b' }, ['--user']],
  ])('%s', (_, asked, paths) => {
    const { notes } = linesOf(asked);
    expect(notes.map((note) => note.replace(/: .*/s, ''))).toEqual(paths);
  });
});
