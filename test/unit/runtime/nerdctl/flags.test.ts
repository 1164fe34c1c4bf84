import { describe, expect, it } from 'vitest';
import { NotSupportedError } from '../../../../src/errors.ts';
import type { ContainerSettings } from '../../../../src/runtime/settings.ts';
import { createFlags } from '../../../../src/runtime/nerdctl/create/flags.ts';
import { checkedRequest } from '../../../../src/runtime/nerdctl/create/create.ts';
import { recordOf, versions } from './recordings.ts';

const all = { restartPolicies: true };

describe('the flags of', () => {
  it.each<[what: string, settings: ContainerSettings, flags: readonly string[]]>([
    ['nothing', {}, []],
    [
      'an entrypoint of several words',
      { entrypoint: ['sh', '-c', ''] },
      ['--entrypoint', 'sh', '--entrypoint', '-c', '--entrypoint', ''],
    ],
    ['an entrypoint that is cleared', { entrypoint: [] }, ['--entrypoint', '']],
    [
      'commas in lists',
      { extraHosts: ['a:1'], dnsSearch: ['x,"y"'] },
      ['--dns-search', '"x,""y"""', '--add-host', 'a:1'],
    ],
    ['processors', { nanoCpus: 1_500_000_000 }, ['--cpus', '1.5']],
    [
      'a restart policy',
      { restartPolicy: { name: 'on-failure', maximumRetryCount: 3 } },
      ['--restart', 'on-failure:3'],
    ],
    ['no restart policy', { restartPolicy: { name: 'no' } }, []],
    ['the engine’s own network', { networkMode: 'bridge', networks: { bridge: {} } }, []],
    ['the host’s network', { networkMode: 'host' }, ['--network', 'host']],
    ['several networks', { networkMode: 'a', networks: { a: {}, b: {} } }, ['--network', 'a', '--network', 'b']],
    [
      'an address',
      { networkMode: 'a', networks: { a: { ipv4Address: '192.0.2.3' } } },
      ['--network', 'a', '--ip', '192.0.2.3'],
    ],
    [
      'ports',
      {
        publishedPorts: [
          { containerPort: '80/tcp' },
          { containerPort: '81/udp', hostPort: '8081' },
          { containerPort: '82/tcp', hostIp: '127.0.0.1', hostPort: '8082' },
          { containerPort: '83/tcp', hostIp: '::1' },
        ],
      },
      [
        '--publish',
        '80/tcp',
        '--publish',
        '8081:81/udp',
        '--publish',
        '127.0.0.1:8082:82/tcp',
        '--publish',
        '[::1]::83/tcp',
      ],
    ],
    [
      'namespaces',
      { pidMode: 'host', ipcMode: 'private', cgroupnsMode: 'private' },
      ['--pid', 'host', '--cgroupns', 'private'],
    ],
    ['unmasked paths', { maskedPaths: [], readonlyPaths: [] }, ['--security-opt', 'systempaths=unconfined']],
    [
      'all of them where they are unmasked anyway',
      { privileged: true, maskedPaths: [], readonlyPaths: [] },
      ['--privileged'],
    ],
    [
      'security options as Docker takes them',
      { securityOpt: ['no-new-privileges:true', 'seccomp:unconfined'] },
      ['--security-opt', 'no-new-privileges', '--security-opt', 'seccomp=unconfined'],
    ],
    [
      'a healthcheck',
      { healthcheck: { test: ['CMD-SHELL', 'a b'], interval: 2_000_000_000, retries: 2 } },
      ['--health-cmd', 'a b', '--health-interval', '2000000000ns', '--health-retries', '2'],
    ],
    ['no healthcheck', { healthcheck: { test: ['NONE'] } }, ['--no-healthcheck']],
    ['GPUs', { deviceRequests: [{ driver: '', count: -1, capabilities: [['gpu']] }] }, ['--gpus', 'count=all']],
    [
      'some GPUs',
      { deviceRequests: [{ driver: 'nvidia', deviceIds: ['0', '1'], capabilities: [['gpu', 'utility']] }] },
      ['--gpus', '"device=0,1",capabilities=utility'],
    ],
    [
      'a device',
      { devices: [{ pathOnHost: '/dev/a,b', pathInContainer: '/dev/x' }] },
      ['--device', '"/dev/a,b:/dev/x:rwm"'],
    ],
    [
      'a label without a value, and one with an equals sign',
      { labels: { a: '', b: 'c=d' } },
      ['--label', 'a=', '--label', 'b=c=d'],
    ],
    [
      'mounts',
      {
        binds: ['/a,b:/c:ro', 'v:/d'],
        tmpfs: { '/e': 'size=64k', '/f': '' },
        mounts: [
          { type: 'bind', source: '/g', target: '/h', readOnly: true, bindOptions: { propagation: 'rslave' } },
          { type: 'bind', source: '/i,j', target: '/k', readOnly: true },
          { type: 'volume', source: 'w', target: '/l' },
          { type: 'volume', target: '/m' },
          { type: 'tmpfs', target: '/n', tmpfsOptions: { sizeBytes: 1024, mode: 0o700 } },
        ],
      },
      [
        ...['--volume', '/a,b:/c:ro', '--volume', 'v:/d'],
        ...['--mount', 'type=bind,source=/g,target=/h,readonly,bind-propagation=rslave'],
        ...['--volume', '/i,j:/k:ro', '--mount', 'type=volume,source=w,target=/l', '--volume', '/m'],
        ...['--mount', 'type=tmpfs,target=/n,tmpfs-size=1024,tmpfs-mode=700'],
        ...['--tmpfs', '/e:size=64k', '--tmpfs', '/f'],
      ],
    ],
  ])('%s', (_, settings, flags) => {
    expect(createFlags(settings, all)).toEqual(flags);
  });

  it.each(versions)('what is read from a container on containerd %s are what it was made with', (version) => {
    for (const name of ['rich', 'tinkerbell', 'all-capabilities', 'of-plain', 'host-namespaces']) {
      const { settings } = recordOf(version, name);
      expect(() => createFlags(settings, all)).not.toThrow();
    }
    expect(createFlags(recordOf(version, 'tinkerbell').settings, all)).toEqual(
      expect.arrayContaining(['--privileged', '--pid', 'host', '--network', '/run/containerd:/run/containerd']),
    );
  });
});

describe('what nerdctl cannot do is refused by its name', () => {
  it.each<[ContainerSettings, says: RegExp]>([
    [{ autoRemove: true }, /HostConfig\.AutoRemove/],
    [{ openStdin: true }, /Config\.OpenStdin/],
    [{ links: ['a:b'] }, /HostConfig\.Links/],
    [{ publishAllPorts: true }, /HostConfig\.PublishAllPorts/],
    [{ storageOpt: { size: '1g' } }, /HostConfig\.StorageOpt/],
    [{ deviceCgroupRules: ['c 1:3 r'] }, /HostConfig\.DeviceCgroupRules/],
    [{ deviceRequests: [{ driver: 'cdi', deviceIds: ['x'] }] }, /other than GPUs \(cdi\)/],
    [{ cgroup: 'container:x' }, /HostConfig\.Cgroup/],
    [{ volumeDriver: 'nfs' }, /HostConfig\.VolumeDriver/],
    [{ maskedPaths: ['/proc/x'] }, /HostConfig\.MaskedPaths/],
    [{ securityOpt: ['label=disable'] }, /security option label/],
    [{ healthcheck: { test: ['CMD', 'true'] } }, /healthcheck without a shell/],
    [{ networkMode: 'a', networks: { a: { aliases: ['x'] } } }, /aliases of a container in a network \(a\)/],
    [{ networkMode: 'a', networks: { a: { ipv4Address: '192.0.2.1' }, b: {} } }, /several networks/],
    [{ mounts: [{ type: 'image', source: 'x', target: '/y' }] }, /mount of type image \(\/y\)/],
    [{ mounts: [{ type: 'volume', source: 'x', target: '/y', volumeOptions: { subpath: 'z' } }] }, /subpath.*\/y/],
    [{ mounts: [{ type: 'bind', source: '/a,b:c', target: '/y' }] }, /\/a,b:c at \/y/],
    [{ labels: { long: 'x'.repeat(4100) } }, /the label long: .*4096/],
  ])('%j', (settings, says) => {
    expect(() => createFlags(settings, all)).toThrow(NotSupportedError);
    expect(() => createFlags(settings, all)).toThrow(says);
  });

  it('restart policies other than always, with containerd 1.6 alone', () => {
    const settings: ContainerSettings = { restartPolicy: { name: 'unless-stopped' } };
    expect(createFlags(settings, all)).toEqual(['--restart', 'unless-stopped']);
    expect(() => createFlags(settings, { restartPolicies: false })).toThrow(/restart policy unless-stopped/);
    expect(createFlags({ restartPolicy: { name: 'always' } }, { restartPolicies: false })).toEqual([
      '--restart',
      'always',
    ]);
  });

  it('also what an override asks for, in the words of Docker’s API', () => {
    const spec = { name: 'one', image: 'alpine', override: { HostConfig: { AutoRemove: true } } };
    expect(() => checkedRequest(spec, all)).toThrow(/HostConfig\.AutoRemove/);
    const { body } = checkedRequest({ ...spec, override: { HostConfig: { Privileged: true } } }, all);
    expect(body).toMatchObject({ Image: 'alpine', HostConfig: { Privileged: true } });
    expect(() => checkedRequest({ ...spec, override: { HostConfig: { Privilegd: true } } }, all)).toThrow(
      /did you mean/,
    );
  });
});
