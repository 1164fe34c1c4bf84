import { InvalidArgumentError } from '../errors.ts';
import type { Adapter } from './adapter.ts';
import { isOperation, type Operation, type OperationTable } from './operations/operation.ts';
import { operations } from './operations.ts';
import type { Runtime } from './runtime.ts';

type AnyCall = (...args: readonly unknown[]) => Promise<unknown>;

/** Checks the arguments of every call before its adapter sees them, and gives it a signal where it has none. */
export function guarded(adapter: Adapter): Runtime {
  return guard(adapter, operations) as unknown as Runtime;
}

function guard(implemented: object, table: OperationTable): object {
  const members = implemented as Readonly<Record<string, unknown>>;
  const calls = Object.entries(table).flatMap(([name, entry]) => {
    const member = members[name];
    if (member === undefined) return [];
    if (!isOperation(entry)) return [[name, guard(member as object, entry)] as const];
    return [[name, checked(name, entry, (member as AnyCall).bind(implemented))] as const];
  });
  return { ...implemented, ...Object.fromEntries(calls) };
}

function checked(name: string, { arguments: args, options }: Operation, call: AnyCall): AnyCall {
  const expected = Object.entries(args);
  return async (...given) => {
    const asked = given[expected.length] ?? {};
    checkOptions(name, options, asked);
    const { signal = neverAborted } = asked as { signal?: AbortSignal };
    signal.throwIfAborted();
    for (const [index, [field, check]] of expected.entries()) check(field, given[index]);
    return call(...given.slice(0, expected.length), { ...asked, signal });
  };
}

/** Calls that nobody can abort share one signal, which nobody listens to for longer than his call. */
const neverAborted: AbortSignal = new AbortController().signal;

function checkOptions(name: string, known: Operation['options'], asked: unknown): void {
  if (typeof asked !== 'object' || asked === null)
    throw new InvalidArgumentError('options', `expected an object as the last argument of ${name}`);
  for (const [key, value] of Object.entries(asked)) {
    if (key === 'signal') {
      if (value !== undefined && !(value instanceof AbortSignal))
        throw new InvalidArgumentError('signal', 'expected an AbortSignal');
      continue;
    }
    const check = known[key];
    // What is not known would be ignored without a word.
    if (check === undefined) {
      const accepted = ['signal', ...Object.keys(known)].join(', ');
      throw new InvalidArgumentError(key, `unknown option of ${name}: expected ${accepted}`);
    }
    check(key, value);
  }
}
