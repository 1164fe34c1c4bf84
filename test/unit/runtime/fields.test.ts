import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groups } from '../../../src/plan/inherit.ts';
import type { ContainerSpec } from '../../../src/runtime/container.ts';
import { createRequest } from '../../../src/runtime/docker/create/create.ts';
import { readSettings } from '../../../src/runtime/docker/create/read-settings.ts';
import { codecs } from '../../../src/runtime/docker/create/settings.ts';
import { fieldOf, fields } from '../../../src/runtime/fields.ts';
import type { CreateRequest } from '../../../src/runtime/runtime.ts';
import type { ContainerSettings } from '../../../src/runtime/settings.ts';
import { anySettings, everySetting, settingArbitraries } from '../clone/arbitraries.ts';

const rows = Object.entries(fields);
const settingNames = Object.keys(settingArbitraries).toSorted();

describe('the table of fields', () => {
  it('has each setting in one row, and in no other', () => {
    const named = rows.flatMap(([, field]) =>
      'setting' in field && field.setting !== undefined ? [field.setting] : [],
    );
    expect(named.toSorted()).toEqual(settingNames);
    expect([...fieldOf.keys()].toSorted()).toEqual(settingNames);
    for (const [name, path] of fieldOf) expect(fields[path]).toMatchObject({ setting: name });
  });

  it('has a way to read and write each setting, in a place that a request has', () => {
    expect([...Object.keys(codecs), 'networks'].toSorted()).toEqual(settingNames);
    for (const name of Object.keys(codecs)) expect(fieldOf.get(name as never)).toMatch(/^(?:Config|HostConfig)\.\w+$/);
    expect(fieldOf.get('networks')).toBe('NetworkSettings.Networks');
  });

  it.each(rows)('%s has a good reason', (_, field) => {
    if (field.rule === 'cloned') expect(groups).toContain(field.group);
    else expect(field.reason).toMatch(/^\S+(?: \S+)+$/);
    if (field.rule === 'derived' && field.group !== undefined) expect(groups).toContain(field.group);
  });

  it('leaves no group empty', () => {
    const used = new Set(
      rows.flatMap(([, field]) => ('group' in field && field.group !== undefined ? [field.group] : [])),
    );
    expect([...used].toSorted()).toEqual(groups.toSorted());
  });

  it('has names as the engine has them', () => {
    for (const [path] of rows)
      expect(path).toMatch(/^(?:(?:Config|HostConfig|NetworkSettings(?:\.Networks\.\*)?)\.)?[A-Z]\w+$/);
  });
});

const specOf = (settings: ContainerSettings): ContainerSpec => ({ ...settings, name: 'n', image: 'i' });

/** What a request asks for, as an engine's inspect says it. */
function asInspect({ body, connect }: CreateRequest): unknown {
  const { HostConfig, NetworkingConfig, Image: _, ...Config } = body;
  const { EndpointsConfig = {} } = (NetworkingConfig ?? {}) as { EndpointsConfig?: object };
  const later = Object.fromEntries(connect.map(({ network, endpoint }) => [network, endpoint]));
  return { Config, HostConfig, NetworkSettings: { Networks: { ...EndpointsConfig, ...later } } };
}

/** A network in which nothing is asked for may be left to the engine, and is no different from none. */
function withoutBareNetworks({ networks = {}, ...rest }: ContainerSettings): ContainerSettings {
  const asked = Object.entries(networks).filter(([, endpoint]) => Object.keys(endpoint).length > 0);
  return asked.length === 0 ? rest : { ...rest, networks: Object.fromEntries(asked) };
}

/** Modes that share somebody else's network have none of their own. */
const settings = anySettings.map(({ networks, ...rest }): ContainerSettings => {
  const isShared = /^(?:host|none|container:.*)$/.test(rest.networkMode ?? '');
  return isShared || networks === undefined ? rest : { ...rest, networks };
});
/** What an engine of 2020 takes. */
const older = settings.map(({ mounts = [], healthcheck = {}, networks = {}, ...rest }): ContainerSettings => {
  const plain = mounts.filter(({ type }) => type === 'tmpfs' || type === 'volume');
  const health = Object.entries(healthcheck).filter(([name]) => name !== 'startInterval');
  const endpoints = Object.entries(networks).map(([name, endpoint]) => [name, { ...endpoint, gwPriority: undefined }]);
  const asked: ContainerSettings = {
    ...rest,
    annotations: undefined,
    ...(plain.length > 0 && { mounts: plain.map(({ type, target }) => ({ type, target })) }),
    ...(health.length > 0 && { healthcheck: Object.fromEntries(health) }),
    ...(endpoints.length > 0 && { networks: Object.fromEntries(endpoints) as ContainerSettings['networks'] }),
  };
  // Without what is undefined, as a reader does not say it.
  return JSON.parse(JSON.stringify(asked)) as ContainerSettings;
});

describe('what is asked of an engine', () => {
  const read = (request: CreateRequest) => readSettings(asInspect(request) as never);

  it('reads back the same: every setting', () => {
    const { settings: again, unmodelled } = read(
      createRequest(specOf({ ...everySetting, networkMode: 'front' }), '1.51'),
    );
    expect(withoutBareNetworks(again)).toEqual(withoutBareNetworks({ ...everySetting, networkMode: 'front' }));
    expect(unmodelled).toEqual([]);
  });

  it.each([
    ['1.51', settings],
    ['1.41', older],
  ])('reads back the same in API %s', (version, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (asked) => {
        const { settings: again, unmodelled } = read(createRequest(specOf(asked), version));
        expect(withoutBareNetworks(again)).toEqual(withoutBareNetworks(asked));
        expect(unmodelled).toEqual([]);
      }),
    );
  });

  it('comes through JSON as it is', () => {
    fc.assert(
      fc.property(settings, (asked) => {
        const { body } = createRequest(specOf(asked), '1.51');
        expect(JSON.parse(JSON.stringify(body))).toEqual(body);
      }),
    );
  });

  const endpoints = { front: { Aliases: ['www'] }, back: {}, third: { DriverOpts: { a: 'b' } } };
  const networks = { front: { aliases: ['www'] }, back: {}, third: { driverOpts: { a: 'b' } } };

  it('has all networks in one request since API 1.44', () => {
    for (const version of ['1.44', '1.51']) {
      const { body, connect } = createRequest(specOf({ networkMode: 'front', networks }), version);
      expect(body['NetworkingConfig']).toEqual({ EndpointsConfig: endpoints });
      expect(connect).toEqual([]);
    }
  });

  it('has the first of them before, and connects to the others', () => {
    for (const version of ['1.41', '1.43']) {
      const { body, connect } = createRequest(specOf({ networkMode: 'front', networks }), version);
      expect(body['NetworkingConfig']).toEqual({ EndpointsConfig: { front: endpoints.front } });
      expect(connect).toEqual([
        { network: 'back', endpoint: {} },
        { network: 'third', endpoint: endpoints.third },
      ]);
    }
  });

  it.each(['default', 'bridge', undefined])('takes the mode %s for the bridge', (networkMode) => {
    const request = createRequest(specOf({ networkMode, networks: { bridge: {}, front: {} } }), '1.41');
    expect(request.body).not.toHaveProperty('NetworkingConfig');
    expect(request.connect).toEqual([{ network: 'front', endpoint: {} }]);
  });
});
