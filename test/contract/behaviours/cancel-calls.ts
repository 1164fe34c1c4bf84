import { fileURLToPath } from 'node:url';
import { isOperation, type Operation, type OperationTable } from '../../../src/runtime/operations/operation.ts';
import { operations } from '../../../src/runtime/operations.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';

const folder = fileURLToPath(new URL('../../fixtures/project', import.meta.url));

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
  project: { files: [`${folder}/compose.yaml`] },
};
const requests: Readonly<Record<string, unknown>> = {
  'exec.run': { command: ['true'] },
  'exec.stream': { command: ['true'] },
  'exec.detached': { command: ['true'] },
  'images.build': { context: folder },
  'images.commit': {},
  'networks.ensure': { name: 'x' },
  'volumes.ensure': { name: 'x' },
  'compose.up': { files: [`${folder}/compose.yaml`] },
  'compose.down': { files: [`${folder}/compose.yaml`] },
  'snapshots.createContainer': { name: 'x' },
};

type Call = (signal: AbortSignal) => Promise<unknown>;

/** Every call of the interface, by its name: as many as the table of operations has. */
export function everyCall(runtime: Runtime, spec: unknown): ReadonlyMap<string, Call> {
  return new Map(callsOf(runtime, operations, spec, ''));
}

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
    else yield [full, callOf(member as (...args: unknown[]) => Promise<unknown>, full, entry, spec)];
  }
}

function callOf(
  member: (...args: unknown[]) => Promise<unknown>,
  full: string,
  { arguments: args }: Operation,
  spec: unknown,
): Call {
  const given = argumentsFor(full, args, spec);
  return async (signal) => member(...given, { signal });
}

/** Well-formed ones. */
export function argumentsFor(full: string, args: Operation['arguments'], spec: unknown): unknown[] {
  return Object.keys(args).map((field) =>
    full === 'create'
      ? spec
      : requests[full] !== undefined && (field === 'request' || field === 'spec')
        ? requests[full]
        : samples[field],
  );
}
