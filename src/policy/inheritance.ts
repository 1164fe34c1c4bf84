import { groups, type Inheritance, inheritAll } from '../plan/inherit.ts';
import type { Policy } from './policy.ts';

/** What is inherited when nobody asks for anything: as much of the usual as the policy allows. */
export function inheritedByDefault({ inherit: most }: Policy): Inheritance {
  if (most === undefined) return inheritAll;
  return {
    groups: inheritAll.groups.filter((group) => most.groups.includes(group)),
    safe: most.safe,
    command: most.command,
  };
}

/** What is more than the policy allows, in the words of `OFFSHOOT_INHERIT`. */
export function beyond(asked: Inheritance, most: Inheritance): string[] {
  return [
    ...groups.filter((group) => asked.groups.includes(group) && !most.groups.includes(group)),
    ...(most.safe && !asked.safe ? ['what could harm the host'] : []),
    ...(!most.command && asked.command ? ["self's command"] : []),
  ];
}
