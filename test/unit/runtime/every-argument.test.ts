import { beforeEach, describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors.ts';
import { dockerRuntime } from '../../../src/runtime/docker/runtime.ts';
import { isOperation, type Operation, type OperationTable } from '../../../src/runtime/operations/operation.ts';
import { operations } from '../../../src/runtime/operations.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { argumentsFor } from '../../contract/behaviours/cancel-calls.ts';
import { fakeEngine, versionAnswer } from '../../support/fake-engine.ts';
import { failureOf, never } from '../../support/runtime.ts';

type Call = (...args: unknown[]) => Promise<unknown>;

interface Row {
  readonly name: string;
  readonly operation: Operation;
  /** In the runtime, as of the runtime that is given. */
  find(runtime: Runtime): Call;
}

function* rowsOf(table: OperationTable, path: readonly string[] = []): Generator<Row> {
  for (const [name, entry] of Object.entries<Operation | OperationTable>(table)) {
    const own = [...path, name];
    if (!isOperation(entry)) yield* rowsOf(entry, own);
    else {
      const find = (runtime: Runtime): Call =>
        own.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], runtime) as Call;
      yield { name: own.join('.'), operation: entry, find };
    }
  }
}

const secret = 'hunter2-secret';
const spec = { name: 'x', image: 'x' };
/** No argument and no member is any of these. */
const nonsense: readonly unknown[] = [null, 7, true, Symbol('x'), () => secret, new Map([[secret, secret]])];
/** Texts that no name, id, reference or path is. */
const badTexts = ['', ' ', '\0', '../x', 'a b', 'x\n', ' x', 'ä\0', '%2e%2e', '?x', '#', '-', 'x'.repeat(5000)];
const textual = /^(?:id|reference|name|container|signalName|path|folder|execId|key|parent|network|service)$/;
/** Any text without a NUL is the name or the value of a label. */
const freeText = /^(?:label|value|data)$/;

const rows = [...rowsOf(operations)];

describe('every call of the library', () => {
  let runtime: Runtime;
  let asked: readonly string[];

  beforeEach(async () => {
    const engine = await fakeEngine((client) => client.write(versionAnswer()));
    runtime = await dockerRuntime({ DOCKER_HOST: engine.host }, { signal: never });
    asked = engine.requests;
  });

  /** The field that it names. */
  async function refused({ name, find }: Row, args: readonly unknown[]): Promise<string> {
    const before = asked.length;
    const error = await failureOf(find(runtime)(...args)).catch(() => 'it succeeded');
    expect(error, name).toBeInstanceOf(InvalidArgumentError);
    expect(String(error), name).not.toContain(secret);
    expect(asked.length, name).toBe(before);
    return (error as InvalidArgumentError).field;
  }

  const withArguments = rows.filter(({ operation }) => Object.keys(operation.arguments).length > 0);
  it.each(withArguments)('$name refuses what is no argument of its kind, and says which', async (row) => {
    const good = argumentsFor(row.name, row.operation.arguments, spec);
    for (const [at, field] of Object.keys(row.operation.arguments).entries()) {
      const bad = [undefined, ...nonsense, ...(textual.test(field) ? badTexts : [])];
      // A snapshot, a path or an image may well have such a name.
      const known = bad.filter((value) => !isAccepted(row.operation, field, value));
      expect(known.length, field).toBeGreaterThanOrEqual(freeText.test(field) ? 5 : nonsense.length);
      for (const value of known) expect(await refused(row, good.with(at, value))).toMatch(fieldOf(field));
    }
  });

  const withObjects = withArguments.filter(({ operation }) => Object.keys(operation.arguments).some(isObject));
  it.each(withObjects)('$name refuses an unknown member, and nonsense in each that it knows', async (row) => {
    const names = Object.keys(row.operation.arguments);
    const at = names.findIndex(isObject);
    const field = names[at] ?? '';
    const good = argumentsFor(row.name, row.operation.arguments, spec);
    const object = good[at] as object;
    expect(await refused(row, good.with(at, { ...object, nobodyKnows: secret }))).toBe(`${field}.nobodyKnows`);
    for (const member of await membersOf(row, good, at)) {
      for (const value of nonsense.filter((one) => one !== true && one !== 7))
        expect(await refused(row, good.with(at, { ...object, [member]: value }))).toMatch(
          fieldOf(`${field}.${member}`),
        );
      // No member is both.
      const loose = await Promise.all(
        [true, 7].map((value) => failed(row, good.with(at, { ...object, [member]: value }))),
      );
      expect(loose.some((error) => error instanceof InvalidArgumentError)).toBe(true);
    }
  });

  it.each(rows)('$name refuses an unknown option, and nonsense in each that it knows', async (row) => {
    const good = argumentsFor(row.name, row.operation.arguments, spec);
    expect(await refused(row, [...good, { nobodyKnows: secret }])).toBe('nobodyKnows');
    for (const value of ['x', 7]) expect(await refused(row, [...good, value])).toBe('options');
    for (const value of [null, 'x', {}, 7]) expect(await refused(row, [...good, { signal: value }])).toBe('signal');
    for (const option of Object.keys(row.operation.options)) {
      const bad = option === 'onProgress' ? [null, 7, true, secret] : [null, Symbol('x'), () => secret];
      for (const value of bad) expect(await refused(row, [...good, { [option]: value }])).toMatch(fieldOf(option));
    }
  });

  it.each([
    ['env', [`TOKEN\0=${secret}`]],
    ['env', [`=${secret}`]],
    ['env', `TOKEN=${secret}`],
    ['labels', secret],
    ['command', ['x', 7]],
    ['binds', `/a:${secret}`],
    ['memory', 1.5],
    ['memory', Number.NaN],
    ['labels', { a: 7 }],
    ['labels', { '': secret }],
    ['mounts', [{ type: 'bind', source: '/a' }]],
    ['mounts', [{ type: 'bind', target: '/a', readonly: true }]],
    ['networks', { web: { ipv4Address: 'nowhere' } }],
    ['publishedPorts', [{ hostPort: '80' }]],
    ['healthcheck', { test: 'true' }],
    ['restartPolicy', 'always'],
    ['ulimits', [{ name: 'nofile', soft: '1', hard: 1 }]],
    ['override', [secret]],
    ['image', 'UPPER'],
    ['name', ''],
  ])('create refuses a spec whose %s is not one', async (member, value) => {
    const error = await failed({ find: (it) => it.create as Call }, [{ ...spec, [member]: value }]);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as InvalidArgumentError).field).toMatch(fieldOf(`spec.${member}`));
    expect(String(error)).not.toContain(secret);
  });

  async function failed({ find }: Pick<Row, 'find'>, args: readonly unknown[]): Promise<unknown> {
    const given = AbortSignal.abort(new Error('it came through'));
    return failureOf(find(runtime)(...args, { signal: given })).then(async (early) =>
      // Arguments are looked at after the signal.
      early instanceof InvalidArgumentError
        ? early
        : failureOf(find(runtime)(...args, { signal: expiring() })).catch(() => 'it came through'),
    );
  }

  /** All that it knows, as its own message tells them. */
  async function membersOf(row: Row, good: readonly unknown[], at: number): Promise<string[]> {
    const error = await failureOf(row.find(runtime)(...good.with(at, { ...(good[at] as object), nobodyKnows: 1 })));
    const [, list = ''] = /: unknown: expected (.*)$/.exec(String(error)) ?? [];
    expect(list).not.toBe('');
    return list.split(', ');
  }
});

/** What comes to the engine ends soon: it does not answer. */
function expiring(): AbortSignal {
  return AbortSignal.timeout(20);
}

function isObject(field: string): boolean {
  return /^(?:request|spec|project|endpoint)$/.test(field);
}

function isAccepted({ arguments: args }: Operation, field: string, value: unknown): boolean {
  try {
    args[field]?.(field, value);
    return true;
  } catch {
    return false;
  }
}

/** It, or a part of it. */
function fieldOf(field: string): RegExp {
  return new RegExp(`^${field.replaceAll('.', String.raw`\.`)}(?:$|[.[ ])`);
}
