import type { Capability } from '../api/capabilities.ts';
import * as is from '../checks.ts';
import type { Check } from '../checks.ts';

/** One call of the interface. */
export interface Operation {
  /** In order, without the options that come last. */
  readonly arguments: Readonly<Record<string, Check>>;
  /** What the options may hold beside `signal`. */
  readonly options: Readonly<Record<string, Check>>;
  /** What a runtime may lack; without one it is every runtime's. */
  readonly capability: Capability | undefined;
}

type Call = (...args: never[]) => Promise<unknown>;
export type OperationTable = { readonly [name: string]: Operation | OperationTable };

export type Operations<T> = {
  readonly [Name in keyof T as T[Name] extends Call ? Name : IsGroup<T[Name], Name>]: T[Name] extends Call
    ? Operation
    : Operations<T[Name]>;
};
type IsGroup<T, Name> = T extends (...args: never[]) => unknown
  ? never
  : T extends Readonly<Record<keyof T, Call>>
    ? T extends string
      ? never
      : Name
    : never;

export function call(
  args: Readonly<Record<string, Check>>,
  { options = {}, capability }: { options?: Readonly<Record<string, Check>>; capability?: Capability } = {},
): Operation {
  return { arguments: args, options, capability };
}

export const onContainer = { id: is.container };
export const labelsOption = { labels: is.optional(is.labelFilter) };
export const platform = is.optional(is.notEmpty);
export const auth = is.optional(is.object({ serverAddress: is.notEmpty }, { open: true }));
export const onProgress = is.optional(is.listener);

export function isOperation(entry: Operation | OperationTable): entry is Operation {
  return typeof entry['arguments'] === 'object' && typeof entry['options'] === 'object';
}
