// Found by review: each of these has been wrong once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneCommand } from '../../../src/clone/command.ts';
import { powersOf } from '../../../src/clone/powers.ts';
import { sensitiveSource } from '../../../src/clone/sensitive.ts';
import { cloneSettings } from '../../../src/clone/clone.ts';
import { entrypointPath as launcher, launcherPaths } from '../../../src/launch/paths.ts';
import { inheritAll } from '../../../src/plan/inherit.ts';
import { checkOverride } from '../../../src/runtime/docker/create/override.ts';
import { createRequest } from '../../../src/runtime/docker/create/create.ts';
import { readSettings } from '../../../src/runtime/docker/create/read-settings.ts';
import { InvalidRequestError } from '../../../src/errors.ts';
import { onEngine } from './engine-model.ts';
import { essence } from './essence.ts';
import { anyImage, anyWorld } from './worlds.ts';
import { bindAt, isControl, peerId, siblingOf, volumeAt, volumeId } from './support.ts';

describe('health', () => {
  it('F1 of the image is not passed to another image', () => {
    const image = { healthcheck: { test: ['CMD', 'check'], interval: 30 } };
    const { settings, left } = siblingOf(image, { image, other: true });
    expect(left).toEqual(['Config.Healthcheck']);
    expect(settings).not.toHaveProperty('healthcheck');
  });
});

describe('network', () => {
  it.each(['host', 'none', `container:${peerId}`])(
    'F2 self’s networks and addresses do not go with the mode %s',
    (name) => {
      const own = { networkMode: 'front', networks: { front: { ipv4Address: '10.0.0.2', aliases: ['www'] } } };
      const { settings } = siblingOf(own, { networks: [{ name }] });
      expect(settings.networkMode).toBe(name);
      expect(settings).not.toHaveProperty('networks');
    },
  );

  it('F3 links are left out of the host’s network', () => {
    const { settings, left } = siblingOf({ networkMode: 'bridge', links: ['db:d'] }, { networks: [{ name: 'host' }] });
    expect(settings).not.toHaveProperty('links');
    expect(left).toContain('HostConfig.Links');
  });

  it('F2+F3 every mode is taken by an engine', () => {
    const mode = fc.constantFrom('host', 'none', `container:${peerId}`);
    fc.assert(
      fc.property(anyWorld, mode, ({ self, image }, name) => {
        const request = { inherit: inheritAll, isControl, launcherPaths, networks: [{ name }] };
        const { settings } = cloneSettings({ self, selfImage: image, sameImage: true, request });
        expect(onEngine(settings, image, 'b'.repeat(64)).settings.networkMode).toBe(name);
      }),
    );
  });

  it('F4 a domain of the other container stays with its network', () => {
    const own = { networkMode: `container:${peerId}`, hostname: 'provider', domainname: 'of.provider' };
    expect(siblingOf(own, { networks: [{ name: 'front' }] }).settings).not.toHaveProperty('domainname');
  });

  it('F5 each thing is told once', () => {
    const { left } = siblingOf({ networkMode: `container:${peerId}`, hostname: 'provider' });
    expect(left).toEqual(['Config.Hostname']);
  });

  it('F5 the engine’s own hostname is not told', () => {
    const own = { hostname: 'a1b2c3d4e5f6', networkMode: 'bridge', networks: { bridge: {} } };
    expect(siblingOf(own, { networks: [{ name: `container:${peerId}` }] }).left).toEqual(['network bridge']);
  });

  it('F5 ports that only the image exposes are not told', () => {
    const own = { networkMode: `container:${peerId}`, exposedPorts: ['80/tcp'] };
    expect(siblingOf(own, { image: { exposedPorts: ['80/tcp'] }, other: true }).left).toEqual([]);
  });
});

describe('hostname', () => {
  it('F6 the host’s does not go to a safe sibling, which has left its network', () => {
    const { settings } = siblingOf({ networkMode: 'host', hostname: 'machine' }, { inherit: 'safe' });
    expect(settings).not.toHaveProperty('hostname');
  });
  it('F6 …nor its UTS namespace', () => {
    for (const inherit of ['safe', '-namespaces']) {
      const own = { utsMode: 'host', networkMode: 'bridge', hostname: 'machine' };
      expect(siblingOf(own, { inherit }).settings).not.toHaveProperty('hostname');
    }
  });
});

describe('mounts', () => {
  it('F7 an anonymous volume whose path ends in a slash is not lost', () => {
    const { settings } = siblingOf({ volumes: ['/data/'] }, { mountPoints: [volumeAt('/data')] });
    expect(settings.mounts).toEqual([{ type: 'volume', source: volumeId, target: '/data' }]);
  });
  it('F7 --mount type=volume,dst=/data/ gets self’s volume', () => {
    const own = { mounts: [{ type: 'volume', target: '/data/' }] };
    const { settings } = siblingOf(own, { mountPoints: [volumeAt('/data')] });
    expect(settings.mounts?.[0]?.source).toBe(volumeId);
  });
  it('F7 what is asked for wins over a path with a slash at its end', () => {
    const mounts = [{ type: 'tmpfs', target: '/data' }];
    expect(siblingOf({ binds: ['/srv:/data/'] }, { mounts }).settings).not.toHaveProperty('binds');
  });
  it('F8 a bind without a source (API) is an anonymous volume like any other', () => {
    const { settings } = siblingOf({ binds: ['/data'] }, { mountPoints: [volumeAt('/data')] });
    expect(settings).not.toHaveProperty('binds');
    expect(settings.mounts).toEqual([{ type: 'volume', source: volumeId, target: '/data' }]);
  });
  it('F9 what a donor that is gone gave at a path that the image declares', () => {
    const own = { volumesFrom: ['donor'], volumes: ['/declared'] };
    const situation = { image: { volumes: ['/declared'] }, mountPoints: [volumeAt('/declared', 'given')] };
    expect(siblingOf(own, { ...situation, gone: new Set(['donor']) }).settings.mounts).toEqual([
      { type: 'volume', source: 'given', target: '/declared' },
    ]);
  });
  it('F9 nothing is told of a declared path that a bind of the donor has, as it comes with the donor', () => {
    const own = { volumesFrom: ['donor'], volumes: ['/declared'] };
    const situation = { image: { volumes: ['/declared'] }, mountPoints: [bindAt('/declared', '/srv')] };
    expect(siblingOf(own, situation).left).toEqual([]);
  });
});

describe('env', () => {
  it('F10 the last value of a name counts, also where that is the image’s', () => {
    const image = { env: ['A=image'] };
    expect(siblingOf({ env: ['A=mine', 'A=image'] }, { image, other: true }).settings.env).toEqual([]);
  });
});

describe('command', () => {
  const clone = (own: object, sameImage: boolean, ofOwnImage?: object) =>
    cloneCommand({ own, ofOwnImage, sameImage, asked: {}, launcherPaths });
  it('F11 launch as first word after entrypoint.sh is the user’s program', () => {
    const image = { entrypoint: [launcher] };
    const own = { entrypoint: [launcher], command: ['launch', 'file.py'] };
    expect(clone(own, false, image)).toEqual({ entrypoint: undefined, command: ['launch', 'file.py'] });
    expect(clone(own, true, image)).toEqual(own);
  });
  it('F12 told to launch, and nobody knows the image: the image’s own, not a cleared entrypoint', () => {
    const own = { entrypoint: [launcher], command: ['offshoot', 'launch', 'self'] };
    for (const same of [true, false]) expect(clone(own, same)).toEqual({ entrypoint: undefined, command: undefined });
  });
  it('F13 an entrypoint of one empty word is cleared (Podman)', () => {
    const own = { entrypoint: [''], command: ['offshoot', 'launch', 'self'] };
    expect(clone(own, true, { entrypoint: ['/app'], command: ['x'] })).toEqual({
      entrypoint: ['/app'],
      command: ['x'],
    });
  });
});

describe('powers', () => {
  it.each(['//', '//var/lib/docker', '/./', '/srv/..', '/var/lib/app/../docker', '/run//docker'])(
    'F14 %s is what it leads to',
    (path) => expect(sensitiveSource(path, true)).toBeDefined(),
  );
  it.each([
    '/run/containerd',
    '/run/podman',
    '/run/docker',
    '/var/run/docker',
    '/run/user/1000/podman',
    '/run/k3s/containerd',
  ])('F15 %s holds the socket of an engine', (path) => expect(sensitiveSource(path, true)).toBeDefined());
  it.each([
    '/bin',
    '/sbin',
    '/lib',
    '/lib64',
    '/usr/bin',
    '/usr/lib/systemd',
    '/usr/local/bin',
    '/opt/cni/bin',
    '/var/spool/cron',
  ])('F16 %s written makes the host run what one writes', (path) => expect(sensitiveSource(path, false)).toBeDefined());
  it('F17 a volume that binds a folder of the host by its options', () => {
    const driverConfig = { name: 'local', options: { type: 'none', o: 'bind', device: '/' } };
    const own = { mounts: [{ type: 'volume', target: '/host', volumeOptions: { driverConfig } }] };
    expect(powersOf(own)).toEqual(['/ of the host']);
    expect(siblingOf(own, { inherit: 'safe' }).settings).not.toHaveProperty('mounts');
  });
  it.each(['SYS_TIME', 'MAC_OVERRIDE', 'SYSLOG'])('F18 capability %s reaches the host', (name) =>
    expect(powersOf({ capAdd: [name] })).toHaveLength(1),
  );
  it('F19 lists that are emptied are not said', () => {
    const { settings } = siblingOf({ capAdd: ['ALL'], securityOpt: ['label=disable'] }, { inherit: 'safe' });
    expect(settings).not.toHaveProperty('capAdd');
    expect(settings).not.toHaveProperty('securityOpt');
  });
  it('F20 SELinux without confinement', () => {
    expect(powersOf({ securityOpt: ['label=type:spc_t'] })).toHaveLength(1);
  });
});

describe('unmodelled', () => {
  it('F21 nothing is inherited with none, so that nothing is refused', () => {
    expect(() => siblingOf({}, { inherit: 'none', unmodelled: ['HostConfig.CpuCount'] })).not.toThrow();
  });
});

describe('another image, generated', () => {
  it('F1 has that image’s own wherever nobody set anything for self', () => {
    fc.assert(
      fc.property(anyImage, anyImage, (image, other) => {
        const self = onEngine({}, image, 'a'.repeat(64));
        const request = { inherit: inheritAll, isControl, launcherPaths };
        const { settings } = cloneSettings({ self, selfImage: image, sameImage: false, request });
        const [sibling, untouched] = [settings, {}].map((asked) => onEngine(asked, other, 'b'.repeat(64)));
        expect(essence(sibling!, other)).toEqual(essence(untouched!, other));
      }),
    );
  });
});

describe('ports', () => {
  it('F28 what is published is exposed: Docker publishes nothing else, and says nothing', () => {
    const { settings } = siblingOf({}, { publish: [{ containerPort: '81/tcp', hostPort: '8081' }] });
    expect(createRequest({ ...settings, name: 'n', image: 'i' }, '1.51').body).toMatchObject({
      ExposedPorts: { '81/tcp': {} },
    });
  });
});

describe('adapter', () => {
  it('F13 an entrypoint is cleared in the way that Podman understands too', () => {
    expect(createRequest({ name: 'n', image: 'i', entrypoint: [] }, '1.41').body['Entrypoint']).toEqual(['']);
    const said = { Config: { Entrypoint: [''] }, HostConfig: {} };
    expect(readSettings(said as never).settings.entrypoint).toEqual([]);
  });
  const read = (HostConfig: object) => readSettings({ Config: {}, HostConfig } as never).settings;
  it('F22 a limit of 0 is a number', () => {
    expect(read({ Ulimits: [{ Name: 'core', Hard: 0, Soft: 0 }] }).ulimits).toEqual([
      { name: 'core', soft: 0, hard: 0 },
    ]);
  });
  it('F23 a list of masked paths that is longer than the engine’s is somebody’s', () => {
    const longer = ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware', '/proc/secret'];
    expect(read({ MaskedPaths: longer }).maskedPaths).toEqual(longer);
  });
  it('F24 devices without permissions have all (Podman says none)', () => {
    const said = { Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/x', CgroupPermissions: '' }] };
    const spec = { ...read(said), name: 'n', image: 'i' };
    expect(createRequest(spec, '1.41').body['HostConfig']).toEqual({
      Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' }],
    });
  });
  it('F25 a mountpoint that is to be created needs API 1.42', () => {
    const mounts = [{ type: 'bind', source: '/a', target: '/b', bindOptions: { createMountpoint: true } }];
    expect(() => createRequest({ name: 'n', image: 'i', mounts }, '1.41')).toThrow(/1\.42/);
  });

  const problem = (body: object): string => {
    try {
      checkOverride(body as never);
      return '';
    } catch (error) {
      return error instanceof InvalidRequestError ? error.message : String(error);
    }
  };
  it.each(['Name', 'Mounts', 'State', 'Id', 'Path'])('F26 %s is not proposed in place of itself', (name) => {
    expect(problem({ [name]: 'x' })).not.toContain(`did you mean ${name}?`);
  });
  it('F26 what belongs elsewhere is found there', () => {
    expect(problem({ Memory: 1 })).toContain('did you mean HostConfig.Memory?');
    expect(problem({ HostConfig: { Env: [] } })).toContain('did you mean Env?');
    expect(problem({ Mounts: [] })).toContain('did you mean HostConfig.Mounts?');
  });
  it('F29 networks can be taken back', () => {
    expect(problem({ NetworkingConfig: {} })).toBe('');
    expect(problem({ NetworkingConfig: { EndpointsConfig: null } })).toBe('');
  });
  it('F27 members within a setting have neighbours too', () => {
    expect(problem({ Healthcheck: { Intervall: 1 } })).toContain('did you mean Healthcheck.Interval?');
    expect(problem({ HostConfig: { RestartPolicy: { Nam: 'no' } } })).toContain(
      'did you mean HostConfig.RestartPolicy.Name?',
    );
    expect(problem({ NetworkingConfig: { EndpointsConfig: { front: { Aliase: [] } } } })).toMatch(
      /did you mean .*Aliases\?/,
    );
    expect(problem({ NetworkingConfig: { EndpointConfig: {} } })).toMatch(/did you mean .*EndpointsConfig\?/);
    expect(problem({ HostConfi: {} })).toContain('did you mean HostConfig?');
  });
});
