type Call = (...args: never[]) => Promise<unknown>;

/** A group of calls whose code is loaded with the first that is made. */
export function lazily<T extends object>(names: Readonly<Record<keyof T, unknown>>, load: () => Promise<T>): T {
  let loading: Promise<T> | undefined;
  const calls = Object.keys(names).map((name) => [
    name,
    async (...args: never[]): Promise<unknown> => {
      loading ??= load();
      const group = (await loading) as Readonly<Record<string, Call>>;
      return group[name]?.(...args);
    },
  ]);
  return Object.fromEntries(calls) as T;
}
