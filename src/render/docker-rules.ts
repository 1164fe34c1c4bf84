import type { Members } from './members.ts';
import { type Note, note } from './rendering.ts';
import { billionths, bytes } from './words.ts';

/** One flag of docker's command line. */
export interface Flag {
  readonly flag: string;
  readonly value?: string;
}

export type Said = Flag | Note;

/** What becomes of one member. */
export type Rule = (members: Members, name: string) => readonly Said[];

/** Where it can say no, docker's command line takes the value in some other way, or refuses it. */
export type Refuses = (value: string) => string | undefined;

const takesAll: Refuses = () => undefined;

export function text(flag: string): Rule {
  return (members, name) => {
    const value = members.text(name);
    return value ? [{ flag, value }] : [];
  };
}

export function on(flag: string): Rule {
  return (members, name) => (members.flag(name) ? [{ flag }] : []);
}

/** For what means something when it is false, too. */
export function onOff(flag: string): Rule {
  return (members, name) => {
    const value = members.flag(name);
    return value === undefined ? [] : [{ flag: value ? flag : `${flag}=false` }];
  };
}

export function number(flag: string, say: (value: number) => string = String): Rule {
  return (members, name) => {
    const value = members.number(name);
    return value ? [{ flag, value: say(value) }] : [];
  };
}

/** For what means something when it is 0, too. */
export function anyNumber(flag: string): Rule {
  return (members, name) => {
    const value = members.number(name);
    return value === undefined ? [] : [{ flag, value: String(value) }];
  };
}

export const size = (flag: string): Rule => number(flag, bytes);
export const processors = (flag: string): Rule => number(flag, billionths);

export function list(flag: string, refuses: Refuses = takesAll): Rule {
  return (members, name) => each(members.texts(name) ?? [], flag, members.pathOf(name), refuses);
}

export function set(flag: string): Rule {
  return (members, name) => each(members.set(name), flag, members.pathOf(name), takesAll);
}

/** `name=value`, where the name ends at the first `=`. */
export function map(flag: string, refuses: Refuses = takesAll): Rule {
  return (members, name) =>
    Object.entries(members.map(name) ?? {}).map(([key, value]) => {
      const why = key.includes('=') ? 'a name has no = in it' : key === '' ? 'a name is not empty' : refuses(key);
      return why === undefined ? { flag, value: `${key}=${value}` } : note(members.pathOf(name), why);
    });
}

function each(values: readonly string[], flag: string, path: string, refuses: Refuses): Said[] {
  return values.map((value) => {
    const why = refuses(value);
    return why === undefined ? { flag, value } : note(path, why);
  });
}

/** A list of objects, each in one word. */
export function words(flag: string, say: (item: Members) => string | Note): Rule {
  return (members, name) =>
    members.each(name).map((item) => {
      const said = say(item);
      return typeof said === 'string' ? { flag, value: said } : said;
    });
}
