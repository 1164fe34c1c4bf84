import { NotSupportedError } from '../errors.ts';
import type { Adapter } from './adapter.ts';
import { derived } from './derived.ts';
import { isOperation, type Operation, type OperationTable } from './operations/operation.ts';
import { operations } from './operations.ts';

/** The part that every adapter implements itself. */
type Basic =
  | 'kind'
  | 'description'
  | 'features'
  | 'clock'
  | 'ping'
  | 'version'
  | 'close'
  | 'inspect'
  | 'list'
  | 'processes'
  | 'hasFile'
  | 'inspectImage'
  | 'pull'
  | 'hasNetwork'
  | 'hasVolume'
  | 'createRequest'
  | 'create'
  | 'start'
  | 'attach'
  | 'logs'
  | 'wait'
  | 'kill'
  | 'remove'
  | 'access';

export type BasicAdapter = Pick<Adapter, Basic> & Partial<Adapter>;

/**
 * The rest of an adapter: what follows from the part that it has, and for what it has not an error that names it.
 * @param reason why this runtime lacks what it lacks
 */
export function completed(basic: BasicAdapter, reason: string): Adapter {
  const adapter: Adapter = {
    ...(lacking(basic.kind, operations, reason) as Adapter),
    ...derived(() => adapter),
    cooBinds() {
      throw notSupported(basic.kind, 'cooBinds', 'hostPaths', reason);
    },
    ...basic,
  };
  return adapter;
}

function lacking(kind: string, table: OperationTable, reason: string, group = ''): object {
  return Object.fromEntries(
    Object.entries(table).map(([name, entry]: [string, Operation | OperationTable]) => {
      if (!isOperation(entry)) return [name, lacking(kind, entry, reason, `${name}.`)];
      return [name, async () => Promise.reject(notSupported(kind, `${group}${name}`, entry.capability, reason))];
    }),
  );
}

export function notSupported(
  runtime: string,
  operation: string,
  capability: string | undefined,
  reason: string,
): NotSupportedError {
  return new NotSupportedError(`${operation} is not supported by ${runtime}: ${reason}`, {
    runtime,
    operation,
    capability,
    reason,
  });
}
