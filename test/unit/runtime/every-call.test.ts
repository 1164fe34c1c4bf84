import { expect, it } from 'vitest';
import { isOperation, type Operation, type OperationTable } from '../../../src/runtime/operations/operation.ts';
import { operations } from '../../../src/runtime/operations.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { argumentsFor, everyCall } from '../../contract/behaviours/cancel-calls.ts';

function* operationsOf(table: OperationTable, group = ''): Generator<readonly [string, Operation]> {
  for (const [name, entry] of Object.entries<Operation | OperationTable>(table)) {
    if (isOperation(entry)) yield [`${group}${name}`, entry];
    else yield* operationsOf(entry, `${name}.`);
  }
}

const all = [...operationsOf(operations)];
const spec = { name: 'x', image: 'x' };

/** Every member is a call that tells what it was given. */
function silent(table: OperationTable): object {
  return Object.fromEntries(
    Object.entries<Operation | OperationTable>(table).map(([name, entry]) => [
      name,
      isOperation(entry) ? async () => {} : silent(entry),
    ]),
  );
}

it('each operation has a row among the calls that are cancelled', () => {
  const calls = everyCall(silent(operations) as Runtime, spec);
  expect([...calls.keys()].toSorted()).toEqual(all.map(([name]) => name).toSorted());
  expect(all.length).toBeGreaterThan(60);
});

it.each(all)('%s is called there with what it takes, so that it comes to the engine', (name, { arguments: args }) => {
  const given = argumentsFor(name, args, spec);
  for (const [at, [field, check]] of Object.entries(args).entries()) {
    expect(given[at]).toBeDefined();
    check(field, given[at]);
  }
});
