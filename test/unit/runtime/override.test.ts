import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { createRequest } from '../../../src/runtime/docker/create/create.ts';
import { checkOverride } from '../../../src/runtime/docker/create/override.ts';
import { fields } from '../../../src/runtime/fields.ts';
import { anySettings, everySetting } from '../clone/arbitraries.ts';

type Json = Readonly<Record<string, unknown>>;

/** The message that it is refused with. */
function problemOf(override: unknown): string {
  try {
    createRequest({ name: 'n', image: 'i', override: override as Json }, '1.51');
    return 'taken';
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return error.message;
  }
}

const endpointsOf = (endpoint: unknown): Json => ({ NetworkingConfig: { EndpointsConfig: { front: endpoint } } });

describe('a member that no request has', () => {
  it.each<[Json, string, string?]>([
    [{ Evn: [] }, 'Evn', 'Env'],
    [{ Entripoint: [] }, 'Entripoint', 'Entrypoint'],
    [{ HostConfig: { Memry: 1 } }, 'HostConfig.Memry', 'HostConfig.Memory'],
    [{ HostConfig: { memory: 1 } }, 'HostConfig.memory', 'HostConfig.Memory'],
    [{ HostConfig: { DNS: [] } }, 'HostConfig.DNS', 'HostConfig.Dns'],
    [{ Zebra: 1 }, 'Zebra'],
    [{ HostConfig: { Zebra: 1 } }, 'HostConfig.Zebra'],
    [{ NetworkingConfig: { EndpointsConfig: {}, Zebra: 1 } }, 'NetworkingConfig.Zebra'],
    [endpointsOf({ Zebra: 1 }), 'NetworkingConfig.EndpointsConfig.front.Zebra'],
    [endpointsOf({ IPAMConfig: { Zebra: 1 } }), 'NetworkingConfig.EndpointsConfig.front.IPAMConfig.Zebra'],
    [{ Healthcheck: { Zebra: 1 } }, 'Healthcheck.Zebra'],
    [{ HostConfig: { RestartPolicy: { Zebra: 1 } } }, 'HostConfig.RestartPolicy.Zebra'],
    [{ HostConfig: { LogConfig: { Zebra: 1 } } }, 'HostConfig.LogConfig.Zebra'],
    [{ HostConfig: { Mounts: [{}, { Zebra: 1 }] } }, 'HostConfig.Mounts.1.Zebra'],
    [{ HostConfig: { Mounts: [{ BindOptions: { Zebra: 1 } }] } }, 'HostConfig.Mounts.0.BindOptions.Zebra'],
    [
      { HostConfig: { Mounts: [{ VolumeOptions: { DriverConfig: { Zebra: 1 } } }] } },
      'HostConfig.Mounts.0.VolumeOptions.DriverConfig.Zebra',
    ],
    [{ HostConfig: { PortBindings: { '80/tcp': [{ Zebra: 1 }] } } }, 'HostConfig.PortBindings.80/tcp.0.Zebra'],
    [{ HostConfig: { Ulimits: [{ Zebra: 1 }] } }, 'HostConfig.Ulimits.0.Zebra'],
    [{ ExposedPorts: { '80/tcp': { Zebra: 1 } } }, 'ExposedPorts.80/tcp.Zebra'],
  ])('%j: %s', (override, path, near) => {
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    expect(problemOf(override)).toBe(
      `OFFSHOOT_OVERRIDE: ${path} is no member of a request to create a container${hint}`,
    );
  });

  it('is named with all the others', () => {
    const message = problemOf({ Evn: [], Zebra: 1, HostConfig: { Memry: 1, Binds: 'x' } });
    for (const name of ['Evn', 'Zebra', 'HostConfig.Memry', 'HostConfig.Binds']) expect(message).toContain(name);
  });
});

describe('a value of the wrong type', () => {
  it.each<[Json, string]>([
    [{ Env: 'A=1' }, 'Env'],
    [{ Env: { A: '1' } }, 'Env'],
    [{ Env: ['A=1', 2] }, 'Env.1'],
    [{ Cmd: 'ls' }, 'Cmd'],
    [{ Tty: 'yes' }, 'Tty'],
    [{ StopTimeout: '5' }, 'StopTimeout'],
    [{ Labels: ['a'] }, 'Labels'],
    [{ Labels: { a: 1 } }, 'Labels.a'],
    [{ Healthcheck: { Test: 'true' } }, 'Healthcheck.Test'],
    [{ Healthcheck: { Interval: '5s' } }, 'Healthcheck.Interval'],
    [{ Volumes: ['/a'] }, 'Volumes'],
    [{ ExposedPorts: { '80/tcp': 'open' } }, 'ExposedPorts.80/tcp'],
    [{ HostConfig: 'host' }, 'HostConfig'],
    [{ HostConfig: { Memory: '1g' } }, 'HostConfig.Memory'],
    [{ HostConfig: { Binds: '/a:/b' } }, 'HostConfig.Binds'],
    [{ HostConfig: { Privileged: 1 } }, 'HostConfig.Privileged'],
    [{ HostConfig: { Sysctls: { a: 1 } } }, 'HostConfig.Sysctls.a'],
    [{ HostConfig: { Mounts: {} } }, 'HostConfig.Mounts'],
    [{ HostConfig: { Mounts: [{ ReadOnly: 'true' }] } }, 'HostConfig.Mounts.0.ReadOnly'],
    [{ HostConfig: { Devices: ['/dev/null'] } }, 'HostConfig.Devices.0'],
    [{ HostConfig: { DeviceRequests: [{ Capabilities: ['gpu'] }] } }, 'HostConfig.DeviceRequests.0.Capabilities.0'],
    [{ HostConfig: { PortBindings: { '80/tcp': '8080' } } }, 'HostConfig.PortBindings.80/tcp'],
    [{ HostConfig: { PortBindings: { '80/tcp': [{ HostPort: 8080 }] } } }, 'HostConfig.PortBindings.80/tcp.0.HostPort'],
    [{ NetworkingConfig: [] }, 'NetworkingConfig'],
    [endpointsOf({ Aliases: 'www' }), 'NetworkingConfig.EndpointsConfig.front.Aliases'],
  ])('%j is named by its place: %s', (override, path) => {
    expect(problemOf(override).startsWith(`OFFSHOOT_OVERRIDE: ${path}: `)).toBe(true);
  });
});

/** Some JSON in which every text and number is easy to find again. */
const canary = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('canary-5d1e', 880_099, true),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('A', 'Type', 'Name', 'Source'), tie('value'), { maxKeys: 2 }),
  ),
})).value;
const settable = Object.keys(fields).filter((path) => /^(?:Config|HostConfig)\.\w+$/.test(path));

describe('what is told of an override', () => {
  it('never has a value in it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settable, 'Config.Zebra', 'HostConfig.Zebra'), canary, (path, value) => {
        const [section, name = ''] = path.split('.');
        const override = section === 'Config' ? { [name]: value } : { HostConfig: { [name]: value } };
        expect(problemOf(override)).not.toMatch(/canary|880|099/);
      }),
    );
  });
});

describe('a good override', () => {
  it.each(settable)('may have %s', (path) => {
    const { body } = createRequest({ ...everySetting, name: 'n', image: 'i' }, '1.51');
    const [section, name = ''] = path.split('.');
    const holder = (section === 'Config' ? body : body['HostConfig']) as Json;
    // What offshoot itself has no setting for is the engine's to judge.
    const value = holder[name] ?? 'whatever';
    const override = section === 'Config' ? { [name]: value } : { HostConfig: { [name]: value } };
    expect(problemOf(override)).toBe('taken');
    // null takes it away again, but for the image.
    if (name === 'Image') return;
    expect(problemOf(section === 'Config' ? { [name]: null } : { HostConfig: { [name]: null } })).toBe('taken');
  });

  it('may be whatever offshoot asks for itself', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const { body } = createRequest({ ...settings, name: 'n', image: 'i' }, '1.51');
        expect(checkOverride(body)).toBe(body);
      }),
    );
  });

  it('may say of a network what its inspect says', () => {
    const said = Object.keys(fields).filter((path) => path.startsWith('NetworkSettings.Networks.*.'));
    for (const path of said) expect(problemOf(endpointsOf({ [path.split('.').at(-1) ?? '']: 'x' }))).toBe('taken');
    expect(problemOf(endpointsOf(null))).toBe('taken');
    expect(problemOf(endpointsOf({ IPAMConfig: { IPv4Address: '10.0.0.9' }, GwPriority: 1 }))).toBe('taken');
  });

  it('may be empty', () => {
    for (const empty of [{}, { HostConfig: {} }, { HostConfig: null }, { NetworkingConfig: { EndpointsConfig: {} } }])
      expect(problemOf(empty)).toBe('taken');
  });
});
