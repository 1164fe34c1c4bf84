import { isOperation, type Operation, type OperationTable } from '../../../src/runtime/operations/operation.ts';
import { operations } from '../../../src/runtime/operations.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';

/** Something for each argument by its name: all of it is well formed, and nothing of it is there. */
const samples: Readonly<Record<string, unknown>> = {
  id: 'x',
  reference: 'x',
  name: 'x',
  container: 'x',
  label: 'x',
  value: 'y',
  signalName: 'SIGTERM',
  data: 'x',
  path: '/x',
  folder: '/x',
  tar: Buffer.alloc(1024),
  execId: 'f'.repeat(64),
  references: ['x'],
  endpoint: {},
  key: 'x',
  parent: 'y',
  network: 'x',
  service: 'x',
  project: { files: ['/nonexistent/compose.yaml'] },
};
const requests: Readonly<Record<string, unknown>> = {
  'exec.run': { command: ['true'] },
  'exec.stream': { command: ['true'] },
  'exec.detached': { command: ['true'] },
  'images.commit': {},
  'networks.ensure': { name: 'x' },
  'volumes.ensure': { name: 'x' },
  'snapshots.createContainer': { name: 'x' },
};

type Call = (signal: AbortSignal) => Promise<unknown>;

/** Every call of the interface, by its name. What asks no engine (compose, a build's context) is somebody else's. */
export function everyCall(runtime: Runtime, spec: unknown): ReadonlyMap<string, Call> {
  return new Map(callsOf(runtime, operations, spec, ''));
}

const elsewhere = /^(?:compose\.|close$|clock$|waitUntilRunning$|images\.build$)/;

function* callsOf(
  implemented: object,
  table: OperationTable,
  spec: unknown,
  group: string,
): Generator<readonly [string, Call]> {
  for (const [name, entry] of Object.entries<Operation | OperationTable>(table)) {
    const full = `${group}${name}`;
    const member = (implemented as Readonly<Record<string, unknown>>)[name];
    if (!isOperation(entry)) yield* callsOf(member as object, entry, spec, `${name}.`);
    else if (!elsewhere.test(full))
      yield [full, callOf(member as (...args: unknown[]) => Promise<unknown>, full, entry, spec)];
  }
}

function callOf(
  member: (...args: unknown[]) => Promise<unknown>,
  full: string,
  { arguments: args }: Operation,
  spec: unknown,
): Call {
  const given = Object.keys(args).map((field) =>
    full === 'create'
      ? spec
      : requests[full] !== undefined && (field === 'request' || field === 'spec')
        ? requests[full]
        : samples[field],
  );
  return async (signal) => member(...given, { signal });
}
