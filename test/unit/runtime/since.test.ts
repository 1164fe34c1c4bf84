import { describe, expect, it } from 'vitest';
import { NotSupportedError } from '../../../src/errors.ts';
import { checkVersion } from '../../../src/runtime/docker/create/since.ts';
import { fields } from '../../../src/runtime/fields.ts';
import type { ContainerSettings, MountRequest } from '../../../src/runtime/settings.ts';

const versions = Array.from({ length: 1 + 51 - 41 }, (_, index) => `1.${41 + index}`);

function mounting(mount: Partial<MountRequest>): ContainerSettings {
  return {
    mounts: [
      { type: 'tmpfs', target: '/other' },
      { type: 'bind', source: '/a', target: '/b', ...mount },
    ],
  };
}

const features: readonly (readonly [what: string, since: string, settings: ContainerSettings])[] = [
  ['HostConfig.Annotations', '1.43', { annotations: { a: 'b' } }],
  ['a mount that is recursively read-only', '1.44', mounting({ bindOptions: { readOnlyForceRecursive: true } })],
  ['a mount that is not recursively read-only', '1.44', mounting({ bindOptions: { readOnlyNonRecursive: true } })],
  ['start interval of a healthcheck', '1.44', { healthcheck: { startInterval: 1 } }],
  ['a part of a volume (subpath)', '1.45', mounting({ type: 'volume', volumeOptions: { subpath: 'part' } })],
  ['options of a tmpfs mount', '1.46', mounting({ type: 'tmpfs', tmpfsOptions: { options: [['exec']] } })],
  ['a mount of an image', '1.48', mounting({ type: 'image', source: 'tools:1' })],
  ['gateway priority of a network', '1.48', { networks: { front: {}, back: { gwPriority: 1 } } }],
];

const old: ContainerSettings = {
  ...{ env: ['A=1'], init: true, cgroupnsMode: 'private', healthcheck: { test: ['NONE'], startPeriod: 1 } },
  ...mounting({ bindOptions: { propagation: 'rslave', nonRecursive: true, readOnlyForceRecursive: false } }),
  networks: { front: { aliases: ['www'], driverOpts: { a: 'b' } } },
  deviceRequests: [{ count: -1 }],
};

const spec = (settings: ContainerSettings) => ({ ...settings, name: 'n', image: 'i' });
const isBefore = (version: string, since: string) => Number(version.slice(2)) < Number(since.slice(2));

describe.each(features)('%s', (what, since, settings) => {
  it.each(versions.filter((version) => isBefore(version, since)))(`is refused before ${since}: %s`, (version) => {
    const check = () => checkVersion(spec(settings), version);
    expect(check).toThrow(NotSupportedError);
    expect(check).toThrow(`${what} needs API ${since} or newer; this engine speaks ${version}`);
  });

  it.each(versions.filter((version) => !isBefore(version, since)))(`is taken since ${since}: %s`, (version) => {
    expect(() => checkVersion(spec(settings), version)).not.toThrow();
  });
});

it.each(versions)('what is older than all versions is taken by %s', (version) => {
  expect(() => checkVersion(spec(old), version)).not.toThrow();
  expect(() => checkVersion(spec({}), version)).not.toThrow();
});

it('each field that says since when it is there is among these', () => {
  const named = Object.entries(fields).flatMap(([name, field]) =>
    field.rule === 'cloned' && field.since !== undefined ? [[name, field.since]] : [],
  );
  expect(named).toEqual([['HostConfig.Annotations', '1.43']]);
});
