import type { Adapter } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import type { ContainerState } from '../../container.ts';
import type { TaskRecord } from '../../runtime.ts';
import { lacks } from './lacks.ts';

const statuses: Readonly<Record<string, TaskRecord['status']>> = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  // Between two tries nothing of it runs.
  restarting: 'stopped',
  removing: 'stopped',
  exited: 'stopped',
  dead: 'stopped',
};

/** A view of containers, as an engine behind Docker's API has no tasks of its own. */
export function tasksOf(adapter: Pick<Adapter, 'kind' | 'inspect' | 'list'>): Adapter['tasks'] {
  async function get(id: string, { signal }: { signal: AbortSignal }): Promise<TaskRecord | undefined> {
    const record = await adapter.inspect(id, { signal });
    return record && taskOf(record.id, record.state);
  }

  return {
    async list({ signal }) {
      const all = await adapter.list({ all: true, signal });
      const found = await Promise.all(all.map(({ id }) => get(id, { signal })));
      return found.filter((task) => task !== undefined); // some may have gone meanwhile
    },
    get,
    async delete() {
      throw notSupported(adapter.kind, 'tasks.delete', 'taskDelete', lacks.taskDelete);
    },
  };
}

function taskOf(id: string, state: ContainerState): TaskRecord {
  const status = statuses[state.status] ?? 'unknown';
  const runs = status === 'running' || status === 'paused';
  return { id, pid: runs ? state.pid : 0, status, exitCode: status === 'stopped' ? state.exitCode : undefined };
}
