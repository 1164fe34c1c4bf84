export type Json = Readonly<Record<string, unknown>>;

/**
 * An object of a request, read member by member. Whatever nobody has read is told by `left`: so no renderer can drop a
 * member without a word, not even one that came after it was written.
 */
export interface Members {
  readonly path: string;
  pathOf(name: string): string;
  /** `undefined`, as with all these, where it is missing or something else, and is then left. */
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  texts(name: string): readonly string[] | undefined;
  lists(name: string): readonly (readonly string[])[] | undefined;
  map(name: string): Readonly<Record<string, string>> | undefined;
  /** Of a set, which the API has as an object with empty members. */
  set(name: string): readonly string[];
  /** As it is: whoever takes it reads all of it. */
  object(name: string): Json | undefined;
  objects(name: string): readonly Json[];
  /** Without members where it is missing. */
  inner(name: string): Members;
  /** Of a list of objects. */
  each(name: string): readonly Members[];
  names(): readonly string[];
  left(): readonly string[];
}

export function membersOf(object: Json, path = ''): Members {
  const unread = new Map(Object.entries(object).filter(([, value]) => value !== null && value !== undefined));
  const insides: Members[] = [];
  const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`);

  function take<T>(name: string, is: (value: unknown) => value is T): T | undefined {
    const value = unread.get(name);
    if (!is(value)) return undefined;
    unread.delete(name);
    return value;
  }

  function inside(value: Json, at: string): Members {
    const members = membersOf(value, at);
    insides.push(members);
    return members;
  }

  return {
    path,
    pathOf,
    text: (name) => take(name, isText),
    number: (name) => take(name, isNumber),
    flag: (name) => take(name, isFlag),
    texts: (name) => take(name, isListOf(isText)),
    lists: (name) => take(name, isListOf(isListOf(isText))),
    map: (name) => take(name, isMap),
    set: (name) => Object.keys(take(name, isSet) ?? {}),
    object: (name) => take(name, isObject),
    objects: (name) => take(name, isListOf(isObject)) ?? [],
    inner: (name) => inside(take(name, isObject) ?? {}, pathOf(name)),
    each: (name) => (take(name, isListOf(isObject)) ?? []).map((item, at) => inside(item, `${pathOf(name)}.${at}`)),
    names: () => [...unread.keys()],
    left: () => [
      ...[...unread].filter(([, value]) => !isUnset(value)).map(([name]) => pathOf(name)),
      ...insides.flatMap((members) => members.left()),
    ],
  };
}

/** The API's words for nothing. Where one of them means something, its reader knows. */
function isUnset(value: unknown): boolean {
  if (value === '' || value === 0 || value === false || value === null || value === undefined) return true;
  return typeof value === 'object' && Object.values(value).every(isUnset);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMap(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every(isText);
}

function isSet(value: unknown): value is Json {
  return (
    isObject(value) && Object.values(value).every((member) => isObject(member) && Object.keys(member).length === 0)
  );
}

function isListOf<T>(is: (value: unknown) => value is T): (value: unknown) => value is readonly T[] {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(is);
}
