import { describe, expect, it } from 'vitest';
import { InternalError } from '../../../src/errors.ts';
import {
  readContainer,
  readCreated,
  readExit,
  readImage,
  readList,
  readProcesses,
} from '../../../src/runtime/docker/inspect.ts';
import { unmodelledSettings } from '../../../src/runtime/docker/unmodelled.ts';

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
      state: { status: 'created', running: false, pid: 0, exitCode: 0, everStarted: false },
      settings: {
        env: [],
        entrypoint: undefined,
        command: undefined,
        tty: false,
        user: undefined,
        workingDir: undefined,
        binds: [],
        mounts: [],
        groupAdd: [],
        securityOpt: [],
        privileged: false,
        pidMode: undefined,
        usernsMode: undefined,
        networkMode: undefined,
      },
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
      { type: 'volume', source: 'data', target: '/d', readOnly: true, options: { VolumeOptions: { NoCopy: true } } },
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
    expect(readImage({ Id: 'sha256:1', Config: {} }).config).toEqual({
      env: [],
      entrypoint: undefined,
      command: undefined,
      user: undefined,
      workingDir: undefined,
    });
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

describe('settings that have no place in a record', () => {
  it.each<[section: 'Config' | 'HostConfig', name: string, value: unknown, named: boolean]>([
    ['HostConfig', 'CapAdd', ['NET_ADMIN'], true],
    ['HostConfig', 'CapAdd', null, false],
    ['HostConfig', 'CapAdd', [], false],
    ['HostConfig', 'Memory', 0, false],
    ['HostConfig', 'Memory', 1, true],
    ['HostConfig', 'MemorySwappiness', -1, false],
    ['HostConfig', 'OomKillDisable', false, false],
    ['HostConfig', 'ShmSize', 67_108_864, false],
    ['HostConfig', 'ShmSize', 1024, true],
    ['HostConfig', 'LogConfig', { Type: 'json-file', Config: {} }, false],
    ['HostConfig', 'LogConfig', { Type: 'syslog', Config: {} }, true],
    ['HostConfig', 'RestartPolicy', { Name: 'always', MaximumRetryCount: 0 }, false],
    ['HostConfig', 'PortBindings', { '80/tcp': [{ HostPort: '80' }] }, false],
    ['HostConfig', 'SomethingNew', { x: 1 }, true],
    ['Config', 'Hostname', 'x', false],
    ['Config', 'Healthcheck', { Test: ['CMD', 'true'] }, true],
    ['Config', 'StopSignal', 'SIGTERM', false],
    ['Config', 'StopSignal', 'SIGUSR1', true],
  ])('%s.%s %j', (section, name, value, named) => {
    const found = unmodelledSettings(
      section === 'Config' ? { [name]: value } : {},
      section === 'HostConfig' ? { [name]: value } : {},
    );
    expect(found).toEqual(named ? [`${section}.${name}`] : []);
  });
});
