import { describe, expect, it } from 'vitest';
import { type Group, groups, parseInheritance } from '../../../src/plan/inherit.ts';
import { inherited } from '../../../src/clone/inherit.ts';
import { fieldOf, fields } from '../../../src/runtime/fields.ts';
import type { ContainerSettings, SettingName } from '../../../src/runtime/settings.ts';
import { everySetting } from './arbitraries.ts';
import { siblingOf } from './support.ts';

const names = [...fieldOf.keys()];

function groupOf(name: SettingName): Group | undefined {
  const field = fields[fieldOf.get(name) ?? ''];
  return field !== undefined && 'group' in field ? field.group : undefined;
}

function isDropped(name: SettingName): boolean {
  return fields[fieldOf.get(name) ?? '']?.rule === 'dropped';
}

const process = ['entrypoint', 'command'];

describe('which of self’s settings are inherited', () => {
  it.each(groups)('%s alone', (group) => {
    const { settings, leftOut } = inherited(everySetting, parseInheritance(group));
    const expected = names.filter((name) => groupOf(name) === group || process.includes(name));
    expect(new Set(Object.keys(settings))).toEqual(new Set(expected));
    const others = names.filter((name) => !expected.includes(name)).map((name) => fieldOf.get(name));
    expect(new Set(leftOut.map(({ setting }) => setting))).toEqual(new Set(others));
  });

  it.each(groups.filter((group) => group !== 'restart'))('all but %s', (group) => {
    const { settings, leftOut } = inherited(everySetting, parseInheritance(`-${group}`));
    const missing = names.filter((name) => groupOf(name) === group);
    expect(missing.filter((name) => name in settings)).toEqual([]);
    const reasons = missing.map((name) => ({
      setting: fieldOf.get(name),
      reason: `OFFSHOOT_INHERIT leaves ${group} behind`,
    }));
    expect(leftOut).toEqual(expect.arrayContaining(reasons));
    expect(leftOut).toHaveLength(missing.length + names.filter(isDropped).length + 1); // and the restart policy
  });

  it('a restart policy only by its name', () => {
    const own: ContainerSettings = { restartPolicy: { name: 'always' } };
    const reason = 'inherited only by name (OFFSHOOT_INHERIT=all,restart)';
    for (const text of ['all', 'safe', 'env', '-env', 'none'])
      expect(inherited(own, parseInheritance(text)).leftOut).toEqual([{ setting: 'HostConfig.RestartPolicy', reason }]);
    for (const text of ['all,restart', 'safe,restart', 'restart', 'none,restart'])
      expect(inherited(own, parseInheritance(text))).toEqual({ settings: own, leftOut: [] });
  });

  it('nothing at all with none', () => {
    const { settings, leftOut } = inherited(everySetting, parseInheritance('none'));
    expect(settings).toEqual({});
    expect(leftOut).toHaveLength(names.length);
  });

  it('a sibling with none has only what is asked for', () => {
    const { settings, left } = siblingOf(everySetting, { inherit: 'none' });
    expect(settings).toEqual({ env: [], labels: {} });
    expect(new Set(left)).toEqual(new Set(fieldOf.values()));
    const asked = {
      command: ['ls'],
      env: ['A=1'],
      labels: { a: 'b' },
      networks: [{ name: 'front' }],
      autoRemove: true,
    };
    const { networks: _, ...rest } = asked;
    expect(siblingOf(everySetting, { inherit: 'none', ...asked }).settings).toEqual({
      ...rest,
      networkMode: 'front',
      networks: { front: {} },
    });
  });

  it('what is dropped is told only where it is in force', () => {
    expect(siblingOf({}).leftOut).toEqual([]);
    expect(siblingOf({ autoRemove: true, macAddress: 'x', publishAllPorts: true }).left).toEqual([
      'Config.MacAddress',
      'HostConfig.PublishAllPorts',
      'HostConfig.AutoRemove',
    ]);
  });
});
