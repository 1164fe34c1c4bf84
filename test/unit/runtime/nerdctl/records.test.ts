import { describe, expect, it } from 'vitest';
import { namesOf, recordOf, versions } from './recordings.ts';

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const data = '/var/lib/data';

describe.each(versions)('what nerdctl says of a container on containerd %s', (version) => {
  it.each(namesOf(version))('is understood: %s', (name) => {
    const record = recordOf(version, name);
    expect(record).toMatchObject({ name, unmodelled: [], upperDir: undefined });
    expect(record.id).toMatch(name === 'made-by-ctr' ? /^made-by-ctr$/ : /^[0-9a-f]{64}$/);
    for (const [label] of Object.entries(record.labels)) expect(label).not.toMatch(/nerdctl|containerd/);
    // `ctr` writes one that nothing else names; the clone leaves it behind.
    const automatic = (record.settings.env ?? []).filter((entry) => /^(?:HOSTNAME|TERM)=/.test(entry));
    expect(automatic).toHaveLength(name === 'made-by-ctr' ? 1 : 0);
    for (const { destination } of record.mountPoints) expect(destination).not.toMatch(/^\/(?:etc|proc|sys|dev|sbin)/);
  });

  it('of one that asks for nothing', () => {
    const { id, settings } = recordOf(version, 'plain');
    expect(settings).toEqual({
      env: [path],
      command: ['sleep', '600'],
      networkMode: 'bridge',
      networks: { bridge: {} },
      hostname: id.slice(0, 12),
      ...(version === '2' && { cgroupnsMode: 'private' }),
    });
  });

  it('of an action of Tinkerbell', () => {
    const { settings, mountPoints, state, labels } = recordOf(version, 'tinkerbell');
    expect(settings).toEqual({
      env: [path, 'SECRET=of-the-action'],
      command: ['sleep', '600'],
      privileged: true,
      pidMode: 'host',
      networkMode: 'host',
      hostname: expect.any(String) as unknown,
      binds: ['/run/containerd:/run/containerd', `${data}:/data:ro`],
      labels: { a: 'b=c' },
      ...(version === '2' && { cgroupnsMode: 'private' }),
    });
    expect(labels).toEqual({ a: 'b=c' });
    expect(mountPoints.map(({ destination }) => destination)).toEqual(['/run/containerd', '/data']);
    expect(state).toMatchObject({ status: 'running', running: true, startedAt: expect.any(String) as unknown });
  });

  it('of one that asks for everything', () => {
    const { settings } = recordOf(version, 'rich');
    expect(settings).toMatchObject({
      env: [path, 'A=1', 'SPACE=a b', 'NL=x\ny', 'EMPTY='],
      ...{ command: ['sleep', '600'], init: true, tty: true, user: '1000:1000', workingDir: '/tmp' },
      ...{ hostname: 'rich.example', stopSignal: 'SIGINT', stopTimeout: 7, readonlyRootfs: true },
      ...{ labels: { k: 'v', nl: 'x\ny' }, groupAdd: ['20'], restartPolicy: { name: 'always' } },
      ...{ capAdd: ['NET_ADMIN'], capDrop: ['MKNOD'], securityOpt: ['no-new-privileges'] },
      ...{ memory: 67_108_864, memorySwap: 100_663_296, cpuQuota: 50_000, cpuPeriod: 100_000, cpuShares: 512 },
      ...{ cpusetCpus: '0', pidsLimit: 100, oomScoreAdj: 100, shmSize: 8_388_608 },
      ulimits: [{ name: 'nofile', soft: 100, hard: 200 }],
      sysctls: { 'net.ipv4.ip_forward': '1' },
      devices: [{ pathOnHost: '/dev/null', pathInContainer: '/dev/mine', cgroupPermissions: 'r' }],
      extraHosts: ['foo:192.0.2.4'],
      dns: ['192.0.2.53'],
      dnsSearch: ['example.org'],
      binds: [`${data}:/a:ro,rslave`, `${data}:/b`, 'named:/v:ro'],
      volumes: ['/anonymous'],
      tmpfs: { '/t2': 'size=64k,noexec' },
      mounts: [
        { type: 'bind', source: data, target: '/c', readOnly: true, bindOptions: { propagation: 'rshared' } },
        { type: 'tmpfs', target: '/t', tmpfsOptions: { sizeBytes: 1_048_576, mode: 0o1770 } },
      ],
    });
    expect(settings).not.toHaveProperty('maskedPaths');
    expect(settings).not.toHaveProperty('privileged');
  });

  it('of an image’s own entrypoint, with and without a command of one’s own, and of another entrypoint', () => {
    const entrypoint = ['/bin/sh', '-c'];
    const own = recordOf(version, 'of-full-image').settings;
    expect(own).toMatchObject({
      entrypoint,
      command: ['sleep 600'],
      user: 'nobody',
      workingDir: '/var',
      stopSignal: 'SIGUSR1',
    });
    expect(own).toMatchObject({ volumes: ['/data'], env: [path, 'FROM_IMAGE=1'] });
    const other = recordOf(version, 'of-full-image-other-command').settings;
    expect(other).toMatchObject({ entrypoint, command: ['sleep 500'], user: '1000:1000', workingDir: '/tmp' });
    expect(other.env).toContain('FROM_IMAGE=2');
    const replaced = recordOf(version, 'of-full-image-other-entrypoint').settings;
    expect(replaced).toMatchObject({ entrypoint: [], command: ['/bin/busybox', 'sleep', '500'] });
  });

  it('of every capability without the other privileges, judged by what the host can give', () => {
    const settings = recordOf(version, 'all-capabilities').settings;
    expect(settings).toMatchObject({ capAdd: ['ALL'], securityOpt: ['seccomp=unconfined'] });
    expect(settings).not.toHaveProperty('privileged');
    const more = recordOf(version, 'tinkerbell', ['SYS_ADMIN', 'SYS_RESOURCE']).settings;
    expect(more.privileged).toBeUndefined();
    expect(more).toMatchObject({ maskedPaths: [], readonlyPaths: [], securityOpt: ['seccomp=unconfined'] });
    expect(more.capAdd).toContain('SYS_ADMIN');
  });

  it('of namespaces of the host, and of another container', () => {
    expect(recordOf(version, 'host-namespaces').settings).toMatchObject({
      ...{ pidMode: 'host', ipcMode: 'host', utsMode: 'host', networkMode: 'none' },
    });
    const { id } = recordOf(version, 'plain');
    expect(recordOf(version, 'of-plain').settings).toMatchObject({
      pidMode: `container:${id}`,
      networkMode: `container:${id}`,
    });
  });

  it('of one that nerdctl did not make', () => {
    const { settings, mountPoints } = recordOf(version, 'made-by-ctr');
    expect(settings).toMatchObject({
      ...{ command: ['sleep', '600'], privileged: true, networkMode: 'host', labels: { k: 'v' } },
      mounts: [{ type: 'bind', source: data, target: '/data', readOnly: true }],
    });
    expect(settings.env).toContain('A=1');
    expect(mountPoints).toHaveLength(1);
  });

  it('of ports, policies, a terminal', () => {
    expect(recordOf(version, 'ports').settings.publishedPorts).toEqual([
      { containerPort: '80/tcp', hostIp: '127.0.0.1', hostPort: '18080' },
      { containerPort: '81/udp', hostIp: '0.0.0.0', hostPort: '18081' },
    ]);
    expect(recordOf(version, 'restarts').settings.restartPolicy).toEqual({ name: 'always' });
    expect(recordOf(version, 'removes-itself').settings.autoRemove).toBe(true);
    expect(recordOf(version, 'tty').settings).toMatchObject({ tty: true, env: [path] });
  });

  it('of how it fares', () => {
    expect(recordOf(version, 'rich').state).toEqual({
      ...{ status: 'created', running: false, pid: 0, exitCode: 0, startedAt: undefined },
    });
    expect(recordOf(version, 'failed-to-start').state).toMatchObject({ status: 'created', startedAt: undefined });
    expect(recordOf(version, 'exited').state).toMatchObject({ status: 'exited', running: false, pid: 0, exitCode: 3 });
    expect(recordOf(version, 'exited').state.startedAt).toMatch(/^2026-/);
  });
});
