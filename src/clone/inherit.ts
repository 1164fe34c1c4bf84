import type { Inheritance } from '../plan/inherit.ts';
import { fields } from '../runtime/fields.ts';
import type { ContainerSettings } from '../runtime/settings.ts';
import type { LeftOut, Part } from './left-out.ts';

/** Those of self's settings whose group is inherited, by the table. */
export function inherited(own: ContainerSettings, { groups, command }: Inheritance): Part {
  const leftOut: LeftOut[] = [];
  const kept = Object.entries(fields).flatMap(([name, field]) => {
    const setting = field.rule === 'refused' ? undefined : field.setting;
    const value = setting === undefined ? undefined : own[setting];
    if (setting === undefined || value === undefined) return [];
    if (field.rule === 'dropped') {
      leftOut.push({ setting: name, reason: field.reason });
      return [];
    }
    const group = 'group' in field ? field.group : undefined;
    if (group === undefined ? command : groups.includes(group)) return [[setting, value] as const];
    leftOut.push({ setting: name, reason: reasonFor(group) });
    return [];
  });
  return { settings: Object.fromEntries(kept), leftOut };
}

/** Those that are given as they are; every other one is worked out by a part of the clone. */
export function clonedOnly(settings: ContainerSettings): ContainerSettings {
  const cloned = Object.values(fields).flatMap((field) => (field.rule === 'cloned' ? [field.setting] : []));
  return Object.fromEntries(cloned.map((name) => [name, settings[name]]));
}

function reasonFor(group: string | undefined): string {
  if (group === 'restart') return 'inherited only by name (OFFSHOOT_INHERIT=all,restart)';
  return `OFFSHOOT_INHERIT leaves ${group ?? 'the command'} behind`;
}
