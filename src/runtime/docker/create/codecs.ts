import * as z from 'zod';

/** Reads a value from what the engine says, and writes it into what the engine is asked. */
export interface Codec<T> {
  /** What the engine takes, and nothing beside it. */
  readonly schema: z.ZodType;
  /** `undefined`: not set. @throws z.ZodError */
  read(said: unknown, place: Place): T | undefined;
  write(value: T): unknown;
}

/** Where we are reading. */
export interface Place {
  readonly path: string;
  /** Takes the paths of what is set there and known to nobody here. */
  readonly unknown: (path: string) => void;
}

/** Engines say `""`, 0, false, null or an empty list for what nobody has set. */
export function isUnset(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function plain<T>(schema: z.ZodType<T>, unset: (value: unknown) => boolean = isUnset): Codec<T> {
  return {
    schema,
    read: (said) => (said === null || said === undefined || unset(said) ? undefined : schema.parse(said)),
    write: (value) => value,
  };
}

/** For what is null where it is not set: then 0, false or an empty list mean something. */
function kept<T>(schema: z.ZodType<T>): Codec<T> {
  return plain(schema, () => false);
}

const stringList = z.array(z.string()).readonly();
const stringMap = z.record(z.string(), z.string()).readonly();

export const text: Codec<string> = plain(z.string());
export const number: Codec<number> = plain(z.number().int());
export const flag: Codec<boolean> = plain(z.boolean());
export const strings: Codec<readonly string[]> = plain(stringList);
export const stringLists: Codec<readonly (readonly string[])[]> = plain(z.array(stringList).readonly());
export const map: Codec<Readonly<Record<string, string>>> = plain(stringMap);
export const keptNumber: Codec<number> = kept(z.number().int());
export const keptFlag: Codec<boolean> = kept(z.boolean());
export const keptStrings: Codec<readonly string[]> = kept(stringList);

/** The engine's names of an object's members, and how each is read. */
export type Members<T> = { readonly [K in keyof T]-?: readonly [name: string, codec: Codec<NonNullable<T[K]>>] };

/** An object. One without any member that is set is not set. */
export function struct<T extends object>(members: Members<T>): Codec<T> {
  const rows = Object.entries<readonly [string, Codec<unknown>]>(members);
  const known = new Map(rows.map(([key, [name, codec]]) => [name, { key, codec }]));
  return {
    schema: z.strictObject(Object.fromEntries(rows.map(([, [name, codec]]) => [name, codec.schema.nullish()]))),
    read(said, { path, unknown }) {
      if (said === null || said === undefined) return undefined;
      const entries = Object.entries(z.record(z.string(), z.unknown()).parse(said)).flatMap(([name, value]) => {
        const here = { path: `${path}.${name}`, unknown };
        const member = known.get(name);
        if (member === undefined && !isUnset(value)) unknown(here.path);
        const read = member?.codec.read(value, here);
        return member === undefined || read === undefined ? [] : [[member.key, read] as const];
      });
      return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T);
    },
    write: (value) =>
      Object.fromEntries(
        rows.flatMap(([key, [name, codec]]) => {
          const member = (value as Record<string, unknown>)[key];
          return member === undefined ? [] : [[name, codec.write(member)]];
        }),
      ),
  };
}

/** An empty list is not set. */
export function listOf<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    schema: z.array(codec.schema),
    read(said, { path, unknown }) {
      const items = z.array(z.unknown()).nullish().parse(said) ?? [];
      const values = items.map((item, index) => codec.read(item, { path: `${path}.${index}`, unknown }));
      const set = values.filter((value): value is Awaited<T> & T => value !== undefined);
      return set.length === 0 ? undefined : set;
    },
    write: (list) => list.map((value) => codec.write(value)),
  };
}

/** Some other form of what `codec` reads. */
export function mapped<T, U>(codec: Codec<T>, to: (value: T) => U | undefined, from: (value: U) => T): Codec<U> {
  return {
    schema: codec.schema,
    read(said, place) {
      const value = codec.read(said, place);
      return value === undefined ? undefined : to(value);
    },
    write: (value) => codec.write(from(value)),
  };
}
