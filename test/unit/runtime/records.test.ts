import { describe, expect, it } from 'vitest';
import { InternalError } from '../../../src/errors.ts';
import {
  readContainer,
  readCreated,
  readExit,
  readImage,
  readList,
  readProcesses,
} from '../../../src/runtime/docker/create/inspect.ts';

const inspected = {
  Id: 'a'.repeat(64),
  Name: '/self',
  Image: 'sha256:1',
  State: { Status: 'created', Running: false, Pid: 0, ExitCode: 0, StartedAt: '0001-01-01T00:00:00Z' },
  Config: { Image: 'alpine' },
  HostConfig: {},
};

describe('what an engine says of a container', () => {
  it('may leave out all that is not set', () => {
    expect(readContainer(inspected)).toEqual({
      id: 'a'.repeat(64),
      name: 'self',
      image: { reference: 'alpine', id: 'sha256:1' },
      state: { status: 'created', running: false, pid: 0, exitCode: 0, startedAt: undefined },
      settings: {},
      labels: {},
      mountPoints: [],
      upperDir: undefined,
      unmodelled: [],
    });
  });

  it('may have null for all that is not set', () => {
    const nothing = { Env: null, Cmd: null, Entrypoint: null, Labels: null, User: '', WorkingDir: '', Tty: null };
    const none = { Binds: null, Mounts: null, GroupAdd: null, SecurityOpt: null, Privileged: null, PidMode: '' };
    const answer = { ...inspected, Config: { ...inspected.Config, ...nothing }, HostConfig: none, Mounts: null };
    expect(readContainer({ ...answer, GraphDriver: null })).toEqual(readContainer(inspected));
    expect(readContainer({ ...answer, GraphDriver: { Data: null, Name: 'overlayfs' } }).upperDir).toBeUndefined();
  });

  it('tells an entrypoint that was cleared from none', () => {
    const withEntrypoint = (Entrypoint: unknown): unknown =>
      readContainer({ ...inspected, Config: { ...inspected.Config, Entrypoint } }).settings.entrypoint;
    expect(withEntrypoint([])).toEqual([]);
    expect(withEntrypoint(null)).toBeUndefined();
  });

  it('has mounts as they were asked for, and where they came to lie', () => {
    const mount = { Type: 'volume', Source: 'data', Target: '/d', ReadOnly: true, VolumeOptions: { NoCopy: true } };
    const point = {
      Type: 'volume',
      Name: 'data',
      Source: '/var/lib/docker/volumes/data',
      Destination: '/d',
      RW: false,
    };
    const record = readContainer({ ...inspected, HostConfig: { Mounts: [mount] }, Mounts: [point] });
    expect(record.settings.mounts).toEqual([
      { type: 'volume', source: 'data', target: '/d', readOnly: true, volumeOptions: { noCopy: true } },
    ]);
    expect(record.mountPoints).toEqual([
      { type: 'volume', name: 'data', source: '/var/lib/docker/volumes/data', destination: '/d', readOnly: true },
    ]);
  });

  it('is an error of ours when we do not understand it, which shows no value', () => {
    const secret = { ...inspected, Config: { Image: 'alpine', Env: { TOKEN: 'secret' } } };
    expect(() => readContainer(secret)).toThrow(InternalError);
    expect(() => readContainer(secret)).toThrow(/offshoot does not understand: Config\.Env$/);
    expect(() => readContainer('oops')).toThrow('the whole');
    expect(() => readContainer({ ...inspected, State: {} })).toThrow('State.Status');
  });
});

describe('other answers', () => {
  it('an image without its config, as some engines have it', () => {
    expect(readImage({ Id: 'sha256:1', RepoDigests: null })).toEqual({
      id: 'sha256:1',
      digests: [],
      config: undefined,
    });
    expect(readImage({ Id: 'sha256:1', Config: {} }).config).toEqual({});
  });

  it('a list of containers, some without names or mounts', () => {
    expect(
      readList([
        { Id: '1', Names: null },
        { Id: '2', Names: ['/b', '/a/link'], Mounts: [{ Destination: '/m' }] },
      ]),
    ).toEqual([
      { id: '1', name: '', labels: {}, networkMode: '', mountDestinations: [] },
      { id: '2', name: 'b', labels: {}, networkMode: '', mountDestinations: ['/m'] },
    ]);
  });

  it('processes by the titles of their columns', () => {
    const rows = readProcesses({ Titles: ['PID', 'COMMAND'], Processes: [['7', 'sh'], ['8']] });
    expect(rows.map((row) => Object.fromEntries(row))).toEqual([
      { PID: '7', COMMAND: 'sh' },
      { PID: '8', COMMAND: '' },
    ]);
  });

  it('a created container, with or without warnings', () => {
    expect(readCreated({ Id: '1', Warnings: null })).toEqual({ id: '1', warnings: [] });
    expect(readCreated({ Id: '1', Warnings: ['x'] })).toEqual({ id: '1', warnings: ['x'] });
  });

  it('an exit status, or that the engine cannot tell it', () => {
    expect(readExit({ StatusCode: 137, Error: null })).toEqual({ exitCode: 137 });
    expect(() => readExit({ StatusCode: 0, Error: { Message: 'gone' } })).toThrow(
      'cannot tell how the container ended: gone',
    );
  });
});

describe('settings of a container', () => {
  const settingsOf = (more: { Config?: object; HostConfig?: object; NetworkSettings?: object }) =>
    readContainer({ ...inspected, ...more, Config: { ...inspected.Config, ...more.Config } });

  it.each<[name: string, value: unknown, read: object]>([
    ['CapAdd', ['NET_ADMIN'], { capAdd: ['NET_ADMIN'] }],
    ['CapAdd', null, {}],
    ['CapAdd', [], {}],
    ['Memory', 0, {}],
    ['Memory', 1, { memory: 1 }],
    ['MemorySwappiness', -1, {}],
    ['MemorySwappiness', 0, { memorySwappiness: 0 }],
    ['MemorySwappiness', null, {}],
    ['OomKillDisable', false, {}],
    ['Init', false, { init: false }],
    ['ShmSize', 1024, { shmSize: 1024 }],
    ['LogConfig', { Type: 'syslog', Config: { tag: 'x' } }, { logConfig: { type: 'syslog', config: { tag: 'x' } } }],
    ['RestartPolicy', { Name: 'no', MaximumRetryCount: 0 }, {}],
    ['RestartPolicy', { Name: '', MaximumRetryCount: 0 }, {}],
    ['RestartPolicy', { Name: 'always', MaximumRetryCount: 0 }, { restartPolicy: { name: 'always' } }],
    ['Links', ['/db:/self/data'], { links: ['db:data'] }],
    ['MaskedPaths', null, {}],
    ['MaskedPaths', [], { maskedPaths: [] }],
    ['MaskedPaths', ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware', '/proc/scsi'], {}],
    ['MaskedPaths', ['/proc/kcore'], { maskedPaths: ['/proc/kcore'] }],
    [
      'DeviceRequests',
      [{ Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['gpu']], Options: {} }],
      {
        deviceRequests: [{ count: -1, capabilities: [['gpu']] }],
      },
    ],
    [
      'PortBindings',
      {
        '80/tcp': [
          { HostIp: '', HostPort: '8080' },
          { HostIp: '::1', HostPort: '' },
        ],
      },
      {
        publishedPorts: [
          { containerPort: '80/tcp', hostPort: '8080' },
          { containerPort: '80/tcp', hostIp: '::1' },
        ],
      },
    ],
    ['PortBindings', { '80/tcp': null }, { publishedPorts: [{ containerPort: '80/tcp' }] }],
    ['PortBindings', {}, {}],
  ])('%s %j', (name, value, read) => {
    expect(settingsOf({ HostConfig: { [name]: value } })).toMatchObject({ unmodelled: [] });
    expect(settingsOf({ HostConfig: { [name]: value } }).settings).toEqual(read);
  });

  it('are in networks by their names, also when one was asked for by its id', () => {
    const said = {
      NetworkID: 'f'.repeat(64),
      EndpointID: 'e',
      Gateway: '172.18.0.1',
      MacAddress: '02:42:ac:12:00:02',
      Aliases: ['web'],
      IPAMConfig: { IPv4Address: '172.18.0.9' },
      DriverOpts: null,
      GwPriority: 3,
    };
    const networks = { front: said, bridge: { NetworkID: '1', Aliases: null } };
    const { settings, unmodelled } = settingsOf({
      HostConfig: { NetworkMode: 'f'.repeat(64) },
      NetworkSettings: { Networks: networks },
    });
    expect(settings).toEqual({
      networkMode: 'front',
      networks: { front: { aliases: ['web'], ipv4Address: '172.18.0.9', gwPriority: 3 }, bridge: {} },
    });
    expect(unmodelled).toEqual([]);
  });

  it.each(['host', 'none', `container:${'a'.repeat(64)}`])('are in no network of their own with %s', (mode) => {
    const { settings } = settingsOf({
      HostConfig: { NetworkMode: mode },
      NetworkSettings: { Networks: { [mode]: { NetworkID: '1' } } },
    });
    expect(settings).toEqual({ networkMode: mode });
  });

  it.each<[string, object, string]>([
    ['a field that nobody knows', { HostConfig: { SomethingNew: { x: 1 } } }, 'HostConfig.SomethingNew'],
    ['one in Config', { Config: { SomethingNew: 1 } }, 'Config.SomethingNew'],
    ['what only Windows has', { HostConfig: { Isolation: 'hyperv' } }, 'HostConfig.Isolation'],
    [
      'a part of a setting',
      { HostConfig: { Mounts: [{ Type: 'bind', Target: '/x', New: 1 }] } },
      'HostConfig.Mounts.0.New',
    ],
    ['a part of an endpoint', { NetworkSettings: { Networks: { n: { New: 'x' } } } }, 'NetworkSettings.Networks.*.New'],
  ])('name %s', (_, said, name) => {
    expect(settingsOf(said).unmodelled).toEqual([name]);
  });

  it.each([{ SomethingNew: null }, { SomethingNew: [] }, { Isolation: 'default' }, { ConsoleSize: [24, 80] }])(
    'name nothing that is not in force, or about the client: %j',
    (HostConfig) => {
      expect(settingsOf({ HostConfig })).toMatchObject({ unmodelled: [], settings: {} });
    },
  );
});
