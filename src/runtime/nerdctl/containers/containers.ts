import { NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { isMissing, refusal } from '../command/failures.ts';
import { logs, waitFor } from './output.ts';
import { isProcessOf, processesAround, processesBeside } from './processes.ts';
import { removeContainer } from './remove.ts';
import { type Attachment, attachBefore, startDetached } from './start.ts';
import type { Tools } from '../connect/tools.ts';

type ContainerBasics = Pick<
  Adapter,
  'inspect' | 'list' | 'processes' | 'hasFile' | 'start' | 'attach' | 'logs' | 'wait' | 'kill' | 'remove'
>;

/** Measured, with nerdctl 2.2.2: on a busy machine the last kilobytes are missing every few times. */
const lossy = 'nerdctl can lose the last that a container says when it ends at once';

/** What the launcher needs of containers; container-calls.ts has the rest. */
export function containerBasics(tools: Tools): ContainerBasics {
  const { client, lookup, report } = tools;
  const { way } = client;
  const attachments = new Map<string, Attachment>();

  /** Its whole id, and its first process; 0 where it does not run. */
  async function firstOf(id: string, signal: AbortSignal): Promise<[id: string, pid: number]> {
    const found = await lookup.native(id, signal);
    const { Pid = 0, Status } = found?.Process ?? {};
    return [found?.ID ?? id, /^(?:running|paused)$/.test(Status?.Status ?? '') ? Pid : 0];
  }

  return {
    inspect: (reference, { signal }) => lookup.container(reference, signal),
    list: ({ signal, ...filter }) => lookup.list(filter, signal),

    async processes(id, { signal }) {
      signal.throwIfAborted();
      const known = lookup.lastPid(id);
      const [whole, pid] = known === undefined ? await firstOf(id, signal) : [id, known];
      if (pid === 0) return undefined;
      // On the host our process ids are those that containerd tells; elsewhere they may be others.
      return way.onHost || isProcessOf(pid, whole) ? processesAround(pid) : processesBeside(client, pid, whole, signal);
    },

    async hasFile(id, path, { signal }) {
      const answer = await client.run(['exec', id, 'test', '-e', path], { signal });
      if (answer.exitCode === 0) return true;
      if (/exec failed with exit code 1\b/.test(answer.stderr)) return false;
      if (isMissing(answer)) return undefined;
      // It does not run, or has no such program.
      return (await import('../files/files.ts')).fileExists(tools, id, path, signal);
    },

    async start(id, { signal }) {
      const attachment = attachments.get(id);
      attachments.delete(id);
      await (attachment === undefined ? startDetached(client, id, signal) : attachment.start(signal));
    },

    async attach(id, { signal }) {
      const record = await lookup.container(id, signal);
      if (record === undefined) throw new NotFoundError('container', id);
      if (record.state.startedAt !== undefined) return logs(client, { id: record.id, follow: true }, signal);
      report({ level: 'warn', event: 'warning', message: lossy });
      const attachment = attachBefore(client, record.id, (one, until) => lookup.state(one, until), signal);
      // A terminal's output is only kept in the log: a client would need a terminal of its own.
      if (!record.settings.tty) attachments.set(record.id, attachment);
      return attachment.chunks;
    },

    async logs(id, { tail, follow, since, signal }) {
      const state = await lookup.state(id, signal);
      if (state === undefined) throw new NotFoundError('container', id);
      return logs(client, { id, tail, follow, since }, signal);
    },

    async wait(id, { signal }) {
      const status = await waitFor(client, id, signal);
      const state = status === undefined ? await lookup.state(id, signal) : undefined;
      return { exitCode: status ?? state?.exitCode ?? 0 };
    },

    async kill(id, signalName, { signal }) {
      const answer = await client.run(['kill', '--signal', signalName, id], { signal });
      if (answer.exitCode === 0 || isMissing(answer)) return;
      if (/is not running|no running task|process already finished|not found/.test(answer.stderr)) return;
      throw refusal(answer, `send it ${signalName}`);
    },

    remove: (id, { signal, force = true }) => removeContainer(client, id, { lookup, force }, signal),
  };
}
