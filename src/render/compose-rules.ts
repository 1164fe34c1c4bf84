import type { Json, Members } from './members.ts';
import { type Note, note } from './rendering.ts';
import { bytes } from './words.ts';

/** One key of a service. */
export interface Entry {
  readonly key: string;
  readonly value: unknown;
}

export type Said = Entry | Note;

/** What becomes of one member. */
export type Rule = (members: Members, name: string) => readonly Said[];

export function text(key: string): Rule {
  return (members, name) => given(key, members.text(name) || undefined);
}

export function on(key: string): Rule {
  return (members, name) => given(key, members.flag(name) || undefined);
}

/** For what means something when it is false, too. */
export function onOff(key: string): Rule {
  return (members, name) => given(key, members.flag(name));
}

export function number(key: string): Rule {
  return (members, name) => given(key, members.number(name) || undefined);
}

/** Bytes. */
export function size(key: string): Rule {
  return (members, name) => {
    const value = members.number(name);
    // A word like `-1` would not be a size.
    return value ? given(key, value < 0 ? value : bytes(value)) : [];
  };
}

/** Compose wants no item twice. */
export function list(key: string): Rule {
  return (members, name) => listed(key, members.texts(name) ?? []);
}

export function set(key: string): Rule {
  return (members, name) => listed(key, members.set(name));
}

export function map(key: string): Rule {
  return (members, name) => {
    const value = members.map(name) ?? {};
    return given(key, Object.keys(value).length === 0 ? undefined : value);
  };
}

/** A list of objects. */
export function objects(key: string, say: (item: Members) => Json | string): Rule {
  return (members, name) => listed(key, members.each(name).map(say));
}

export function given(key: string, value: unknown): Entry[] {
  return value === undefined ? [] : [{ key, value }];
}

export function listed(key: string, values: readonly unknown[]): Entry[] {
  return values.length === 0 ? [] : [{ key, value: [...new Set(values)] }];
}

/** Of everything that is not said. */
export function unsayable(paths: readonly string[]): Note[] {
  return paths.map((path) => note(path, 'a Compose file cannot say this'));
}
