import * as z from 'zod';

/**
 * A schema of a list from a function that parses one item, and one that takes them together; both throw an Error with
 * the problem as its message. Every bad item is an issue of its own, whose path says which one it is.
 */
export function listOf<T, R>(
  parseItem: (item: string) => T,
  together: (parsed: readonly T[]) => R,
): z.ZodType<R, readonly string[]> {
  return z.array(z.string()).transform((items, context) => {
    const parsed = items.flatMap((item, index) => {
      try {
        return [{ value: parseItem(item) }];
      } catch (error) {
        context.addIssue({ code: 'custom', message: messageOf(error), path: [index] });
        return [];
      }
    });
    if (parsed.length < items.length) return z.NEVER;
    try {
      return together(parsed.map(({ value }) => value));
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
      return z.NEVER;
    }
  });
}

/** The first that is there twice, by what `keyOf` says of each. */
export function firstTwice<T>(values: readonly T[], keyOf: (value: T) => string): T | undefined {
  const seen = new Set<string>();
  return values.find((value) => seen.size === seen.add(keyOf(value)).size);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
