import type { ContainerRecord } from '../../src/runtime/container.ts';
import type { HostProcess, Runtime } from '../../src/runtime/runtime.ts';
import type { Marks } from '../../src/self/marks.ts';
import { parseMountinfo } from '../../src/self/proc.ts';
import type { Surroundings } from '../../src/self/surroundings.ts';

/** A container of an engine that is not there, as far as finding oneself asks about it. */
export interface FakeContainer {
  readonly id: string;
  readonly name?: string;
  readonly running?: boolean;
  readonly upperDir?: string;
  readonly networkMode?: string;
  readonly destinations?: readonly string[];
  /** Names and mount namespaces of its processes, the first process first; without it the engine has no `ps`. */
  readonly processes?: readonly (readonly [comm: string, mountNamespace: string])[];
  /** Files in its root file system; without it the engine does not tell. */
  readonly files?: readonly string[];
}

const firstPid = 4000;

export function fakeRecord(container: FakeContainer): ContainerRecord {
  const { id, name = 'web', running = true, upperDir, networkMode = 'bridge' } = container;
  return {
    id,
    name,
    image: { reference: 'web:1', id: 'sha256:1' },
    state: {
      status: running ? 'running' : 'exited',
      running,
      pid: running ? firstPid : 0,
      exitCode: 0,
      startedAt: '2026-01-01T00:00:00Z',
    },
    settings: { networkMode },
    labels: {},
    mountPoints: [],
    upperDir,
    unmodelled: [],
  };
}

/** What identification asks an engine; `asked` is the log of it. */
export function fakeRuntime(containers: readonly FakeContainer[]): Runtime & { readonly asked: string[] } {
  const asked: string[] = [];
  const byId = (id: string): FakeContainer | undefined => containers.find((container) => container.id === id);
  const engine: Partial<Runtime> & { readonly asked: string[] } = {
    asked,
    kind: 'docker',
    description: 'an engine for tests',
    async inspect(reference) {
      asked.push(`inspect ${reference}`);
      const found = containers.find(({ id, name }) => id.startsWith(reference) || name === reference);
      return found && fakeRecord(found);
    },
    async list() {
      asked.push('list');
      return containers
        .filter(({ running = true }) => running)
        .map(({ id, name = 'web', networkMode = 'bridge', destinations = [] }) => ({
          id,
          name,
          labels: {},
          networkMode,
          mountDestinations: destinations,
        }));
    },
    async processes(id) {
      asked.push(`processes ${id}`);
      return byId(id)?.processes?.map(([comm, mountNamespace], index): HostProcess => ({
        pid: firstPid + index,
        comm,
        mountNamespace,
      }));
    },
    async hasFile(id, path) {
      asked.push(`file ${id}`);
      return byId(id)?.files?.includes(path);
    },
  };
  return engine as Runtime & { readonly asked: string[] };
}

export interface FakeView {
  readonly mountinfo?: string | undefined;
  readonly cgroup?: string | undefined;
  readonly containerenv?: string | undefined;
  readonly hostname?: string | undefined;
}

export function fakeSurroundings({ mountinfo = '', cgroup = '', containerenv = '', hostname }: FakeView): Surroundings {
  return {
    mounts: parseMountinfo(mountinfo),
    cgroup,
    containerenv,
    hostnames: hostname === undefined ? [] : [hostname],
  };
}

export const ourName = 'os-0123456789ab';
export const ourFile = '/.offshoot-test';

/** Marks that need neither a process nor a file system. */
export function fakeMarks({ renamed = true, writable = true } = {}): Marks {
  return {
    processName: () => (renamed ? ourName : undefined),
    file: () => (writable ? ourFile : undefined),
    remove: () => {},
  };
}
