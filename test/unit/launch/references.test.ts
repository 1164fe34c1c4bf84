import { describe, expect, it } from 'vitest';
import { EngineRefusedError, InvalidRequestError } from '../../../src/errors.ts';
import { checkReferences, goneContainers } from '../../../src/launch/references.ts';
import { checkSources } from '../../../src/launch/sources.ts';
import type { ContainerRecord, ContainerSettings } from '../../../src/runtime/container.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { fakeContainers, recordOf } from '../../support/fake-containers.ts';
import { failureOf, never } from '../../support/runtime.ts';

const options = { signal: never };
const peer = 'a'.repeat(64);

function selfWith(settings: ContainerSettings, more: Partial<ContainerRecord> = {}): ContainerRecord {
  return { ...recordOf({ id: 'self' }), settings, ...more };
}

/** An engine with these networks and volumes; it counts how often it is asked. */
function engineWith(
  names: { networks?: readonly string[]; volumes?: readonly string[] } | undefined,
): Runtime & { asked: string[] } {
  const asked: string[] = [];
  const has = (list: readonly string[] | undefined) => async (name: string) => {
    asked.push(name);
    return names === undefined ? undefined : (list ?? []).includes(name);
  };
  return Object.assign(fakeContainers({ id: peer }), {
    asked,
    hasNetwork: has(names?.networks),
    hasVolume: has(names?.volumes),
  });
}

describe('containers that self names', () => {
  it.each<[string, ContainerSettings, string[]]>([
    ['none', { networkMode: 'bridge', pidMode: 'host' }, []],
    ['one that is there', { networkMode: `container:${peer}`, volumesFrom: [`${peer}:ro`] }, []],
    ['one whose network it shares', { networkMode: 'container:gone' }, ['gone']],
    ['several', { pidMode: 'container:a', ipcMode: 'container:b', volumesFrom: ['c:ro', 'a'] }, ['a', 'b', 'c']],
  ])('%s', async (_, settings, gone) => {
    const found = await goneContainers([settings], engineWith({}), options);
    expect([...found].toSorted()).toEqual(gone);
  });
});

describe('what the sibling needs', () => {
  const check = (
    spec: ContainerSettings,
    self = selfWith({}),
    engine = engineWith({}),
    gone: readonly string[] = [],
  ): Promise<void> => checkReferences(spec, self, new Set(gone), engine, options);

  it('is not asked for where self has it', async () => {
    const point = { type: 'volume', name: 'data', source: '/v', destination: '/data', readOnly: false };
    const self = selfWith({ networks: { front: {} } }, { mountPoints: [point] });
    const engine = engineWith({});
    await check({ networkMode: 'front', networks: { front: {} }, binds: ['data:/data', '/etc:/etc'] }, self, engine);
    await check({ networkMode: 'default', networks: { bridge: {} } }, self, engine);
    expect(engine.asked).toEqual([]);
  });

  it('is an error that names it where it is gone', async () => {
    const lost = await failureOf(check({ networkMode: 'lost' }, selfWith({ networkMode: 'lost' })));
    expect(lost).toBeInstanceOf(EngineRefusedError);
    expect(String(lost)).toContain('the network lost that self was made in is gone');

    const sharing = { pidMode: 'container:gone' };
    const stopped = await failureOf(check(sharing, selfWith(sharing), undefined, ['gone']));
    expect(String(stopped)).toContain('self shares the process namespace of the container gone, which is gone');
  });

  it('is a mistake of the request where a container was asked for that is not there', async () => {
    const error = await failureOf(check({ networkMode: 'container:gone' }, undefined, undefined, ['gone']));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(String(error)).toContain('OFFSHOOT_NETWORK: "gone": there is no such container');
  });

  it('is one error for all that was asked for and is not there', async () => {
    const mounts = [{ type: 'volume', source: 'cache', target: '/c' }];
    const error = await failureOf(check({ networks: { back: {} }, mounts, binds: ['data:/d'] }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect((error as InvalidRequestError).mistakes.map(({ name, problem }) => [name, problem.split(':')[0]])).toEqual([
      ['OFFSHOOT_NETWORK', '"back"'],
      ['OFFSHOOT_MOUNT', '"data"'],
      ['OFFSHOOT_MOUNT', '"cache"'],
    ]);
  });

  it('is left to the engine where that does not tell, and where it is made with options', async () => {
    const silent = engineWith(undefined);
    await check({ networks: { back: {} }, binds: ['data:/d'] }, undefined, silent);
    expect(silent.asked).toEqual(['back', 'data']);
    const made = { type: 'volume', source: 'new', target: '/n', volumeOptions: { driverConfig: { name: 'local' } } };
    const engine = engineWith({});
    await check({ mounts: [made] }, undefined, engine);
    expect(engine.asked).toEqual([]);
  });
});

describe('the source of a bind', () => {
  const mount = { target: '/data', id: 2, parent: 1, fileSystem: 'ext4', superOptions: '', device: '/dev/sda' };
  const view = (root: string) => ({
    realpath: (path: string) => path.replace(/^\/link/, '/data'),
    mounts: [{ ...mount, root, readOnly: false, isShared: false, isSlave: false }],
  });
  const self = selfWith({ binds: ['/srv/data:/data'] });

  it('that was removed is an error that names it', () => {
    const removed = view('/srv/data//deleted');
    expect(() => checkSources({ binds: ['/srv/data:/data'] }, self, removed)).toThrow(/^\/srv\/data, .*was removed/);
    const linked = selfWith({ binds: ['/srv/data:/link'] });
    expect(() => checkSources(linked.settings, linked, removed)).toThrow('was removed');
  });

  it('that is there, or is not inherited, is none', () => {
    expect(() => checkSources(self.settings, self, view('/srv/data'))).not.toThrow();
    expect(() => checkSources({ binds: [] }, self, view('/srv/data//deleted'))).not.toThrow();
  });
});
