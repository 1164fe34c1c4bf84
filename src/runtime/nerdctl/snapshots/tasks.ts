import * as z from 'zod';
import { ConflictError, EngineRefusedError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import type { TaskRecord } from '../../runtime.ts';
import { createCtr, ctrRefusal, isNotFound } from '../command/ctr.ts';
import { isFound } from '../command/failures.ts';
import { type CompatContainer, compatContainer } from '../read/native.ts';
import { read } from '../command/read.ts';
import type { Tools } from '../connect/tools.ts';

type Statuses = Readonly<Record<string, TaskRecord['status']>>;

/** Of `ctr tasks ls`. */
const ofContainerd: Statuses = {
  CREATED: 'created',
  RUNNING: 'running',
  STOPPED: 'stopped',
  PAUSED: 'paused',
  PAUSING: 'paused',
};
/** Of `nerdctl inspect`. */
const ofNerdctl: Statuses = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  pausing: 'paused',
  exited: 'stopped',
  restarting: 'stopped',
};

export function tasksOf(tools: Pick<Tools, 'client' | 'namespace'>): Adapter['tasks'] {
  const { client } = tools;

  async function inspect(references: readonly string[], signal: AbortSignal): Promise<readonly CompatContainer[]> {
    if (references.length === 0) return [];
    const answer = await client.run(['container', 'inspect', '--', ...references], { signal });
    return isFound(answer) ? read('container', answer.stdout, z.array(compatContainer)) : [];
  }

  /** A name is tried as the beginning of an id as well. */
  async function container(reference: string, signal: AbortSignal): Promise<CompatContainer | undefined> {
    const all = await inspect([reference], signal);
    const named = all.filter(({ Config }) => Config.Labels['nerdctl/name'] === reference);
    const [first, ...more] =
      [all.filter(({ Id }) => Id === reference), named, all].find((list) => list.length > 0) ?? [];
    if (more.length > 0) throw new EngineRefusedError(`${reference} names several containers`);
    return first;
  }

  return {
    async list({ signal }) {
      const answer = await createCtr(tools, { operation: 'tasks.list', capability: 'tasks' }).run(
        ['tasks', 'ls'],
        signal,
      );
      if (answer.exitCode !== 0) throw ctrRefusal(answer, 'list its tasks');
      const rows = rowsIn(answer.stdout);
      const ended = rows.filter(({ status }) => status === 'stopped').map(({ id }) => id);
      const codes = new Map((await inspect(ended, signal)).map(({ Id, State }) => [Id, State.ExitCode]));
      return rows.map((row) => (row.status === 'stopped' ? { ...row, exitCode: codes.get(row.id) ?? 0 } : row));
    },

    async get(id, { signal }) {
      const found = await container(id, signal);
      return found && taskOf(found);
    },

    async delete(id, { force = false, signal }) {
      const found = await container(id, signal);
      if (found === undefined) throw new NotFoundError('container', id);
      const task = taskOf(found);
      if (task === undefined) return;
      if (!force && task.status !== 'stopped')
        throw new ConflictError(`the task of ${id} is ${task.status}`, { hint: 'Stop the container, or use force.' });
      const ctr = createCtr(tools, { operation: 'tasks.delete', capability: 'taskDelete' });
      const answer = await ctr.run(['tasks', 'delete', ...(force ? ['--force'] : []), task.id], signal);
      // It may end with the exit status of the task.
      if (answer.exitCode === 0 || !/^ctr: /m.test(answer.stderr) || isNotFound(answer)) return;
      throw ctrRefusal(answer, `delete the task of ${id}`);
    },
  };
}

/** `TASK PID STATUS` */
export function rowsIn(text: string): TaskRecord[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [id, pid, word] = line.trim().split(/\s+/);
      if (id === undefined || word === undefined) return [];
      const status = ofContainerd[word] ?? 'unknown';
      return [{ id, status, pid: status === 'stopped' ? 0 : Number(pid), exitCode: undefined }];
    });
}

/** Nothing is told of the state of one that has no task. */
function taskOf({ Id, State: { Status, Pid, ExitCode } }: CompatContainer): TaskRecord | undefined {
  if (Status === '') return undefined;
  const status = ofNerdctl[Status] ?? 'unknown';
  const ended = status === 'stopped';
  return { id: Id, pid: ended ? 0 : Pid, status, exitCode: ended ? ExitCode : undefined };
}
