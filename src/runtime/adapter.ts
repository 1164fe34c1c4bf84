import type { Runtime } from './runtime.ts';

/**
 * What an adapter implements: a `Runtime` whose arguments are checked, and whose options are always there with a
 * signal. `guarded` makes the one from the other.
 */
export type Adapter = Complete<Runtime>;

type Complete<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Arguments) => infer Result
    ? (...args: CompleteArguments<Arguments>) => Result
    : T[Name] extends object
      ? Complete<T[Name]>
      : T[Name];
};

type CompleteArguments<Arguments extends unknown[]> = {
  [Index in keyof Arguments]-?: 'signal' extends keyof NonNullable<Arguments[Index]>
    ? NonNullable<Arguments[Index]> & Call
    : Arguments[Index];
};

/** What an adapter's calls get last. */
export interface Call {
  readonly signal: AbortSignal;
}
