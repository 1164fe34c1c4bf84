import { EngineRefusedError, NameTakenError } from '../../src/errors.ts';
import type { OffshootEvent } from '../../src/events.ts';
import type { ContainerRecord, ContainerSpec, ContainerState } from '../../src/runtime/container.ts';
import type { Adapter } from '../../src/runtime/adapter.ts';

/** What of a container a test cares about. */
export interface FakeContainer {
  readonly id: string;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly status?: 'created' | 'running' | 'exited' | 'removing' | 'restarting';
  readonly everStarted?: boolean;
}

export interface FakeContainers extends Adapter {
  readonly containers: Map<string, ContainerRecord>;
  /** `create NAME`, `start ID`, `remove ID`, in order. */
  readonly calls: string[];
  add(container: FakeContainer): ContainerRecord;
  /** Called before each of these is carried out; what it throws is the engine's answer. */
  before?: (call: string, signal: AbortSignal) => Promise<void> | void;
}

/** An engine of names and states, for tests of what is done in which order. */
export function fakeContainers(...initial: readonly FakeContainer[]): FakeContainers {
  const containers = new Map<string, ContainerRecord>();
  const calls: string[] = [];
  const find = (reference: string): ContainerRecord | undefined =>
    containers.get(reference) ?? [...containers.values()].find(({ name }) => name === reference);
  const called = async (call: string, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    await runtime.before?.(call, signal);
    calls.push(call);
  };

  const runtime: FakeContainers = {
    ...({} as FakeContainers),
    kind: 'fake',
    description: 'a fake engine',
    features: { volumeSubpath: true },
    containers,
    calls,
    add(container) {
      const record = recordOf(container);
      containers.set(record.id, record);
      return record;
    },
    clock: async () => Date.now(),
    async inspect(reference, { signal }) {
      signal.throwIfAborted();
      return find(reference);
    },
    async list({ labels = {} }) {
      const wanted = Object.entries(labels);
      return [...containers.values()]
        .filter((record) => wanted.every(([name, value]) => record.labels[name] === value))
        .map(({ id, name, labels: own, state: { status } }) => ({
          ...{ id, name, status, labels: own },
          ...{ networkMode: '', mountDestinations: [] },
        }));
    },
    async create(spec: ContainerSpec, { signal }) {
      await called(`create ${spec.name}`, signal);
      if (find(spec.name) !== undefined) throw new NameTakenError(`${spec.name} is in use`);
      const { id } = runtime.add({ id: `id-${calls.length}`, name: spec.name, labels: spec.labels, status: 'created' });
      return { id, warnings: [] };
    },
    async start(id, { signal }) {
      await called(`start ${id}`, signal);
      const record = find(id);
      if (record === undefined) throw new EngineRefusedError(`no container ${id}`);
      containers.set(id, { ...record, state: stateOf('running', true) });
    },
    async remove(id, { signal }) {
      await called(`remove ${id}`, signal);
      containers.delete(id);
    },
    access: () => ({ binds: ['/run/engine.sock:/run/engine.sock'], networkMode: 'none', env: ['DOCKER_HOST=x'] }),
  };
  for (const container of initial) runtime.add(container);
  return runtime;
}

export function recordOf({
  id,
  name = id,
  labels = {},
  status = 'running',
  everStarted,
}: FakeContainer): ContainerRecord {
  return {
    id,
    name,
    labels,
    image: { reference: 'image:1', id: 'sha256:image' },
    state: stateOf(status, everStarted ?? status !== 'created'),
    settings: {},
    mountPoints: [],
    upperDir: undefined,
    unmodelled: [],
  };
}

function stateOf(status: string, everStarted: boolean): ContainerState {
  const startedAt = everStarted ? '2026-01-01T00:00:00Z' : undefined;
  return { status, running: status === 'running', pid: 0, exitCode: 0, startedAt };
}

/** Keeps the events that are reported. */
export function listener(): { report: (event: OffshootEvent) => void; readonly messages: string[] } {
  const messages: string[] = [];
  return { report: ({ message }) => void messages.push(message), messages };
}
