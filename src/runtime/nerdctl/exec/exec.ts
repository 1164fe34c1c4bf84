import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import { capture, defaultMaxBytes, watch } from '../../exec-output.ts';
import type { ExecState } from '../../runtime.ts';
import { execFailure, statusIn } from './exec-failures.ts';
import { begin, type ExecProcess, feed, lastWords } from './exec-process.ts';
import { hasTerminal, noTerminal } from './terminal.ts';
import type { Tools } from '../connect/tools.ts';

/** The words of a nerdctl that has ended are there soon. */
const endMs = 100;
/** Of those that have ended. */
const remembered = 1_000;

/** @param tools of the runtime; what it has begun is known to it alone, as nerdctl tells no ids */
export function execOf(tools: Tools): Adapter['exec'] {
  const { client, lookup } = tools;
  const known = new Map<string, () => ExecState>();

  async function checkRuns(id: string, signal: AbortSignal): Promise<void> {
    const found = await lookup.native(id, signal);
    if (found === undefined) throw new NotFoundError('container', id);
    if (found.Process?.Status.Status !== 'running') throw new ConflictError(`${id} does not run, or is paused`);
  }

  function remember(begun: ExecProcess, exit: Promise<number>): string {
    let state: ExecState = { running: true, exitCode: undefined, pid: 0 };
    const end = (exitCode: number | undefined): void => void (state = { running: false, exitCode, pid: state.pid });
    exit.then(end, () => end(undefined));
    const execId = randomBytes(32).toString('hex');
    known.set(execId, () => {
      if (state.running && state.pid === 0) state = { ...state, pid: begun.pid() ?? 0 };
      return state;
    });
    const ended = [...known].filter(([, tell]) => !tell().running);
    for (const [old] of ended.slice(0, -remembered)) known.delete(old);
    return execId;
  }

  return {
    async run(id, { stdin, maxBytes = defaultMaxBytes, ...request }, { signal }) {
      const begun = begin(tools, id, request, { stdin: stdin !== undefined, signal });
      try {
        const fed = feed(begun, stdin);
        const failed = fed.then(() => new Promise<never>(() => {}));
        const captured = await Promise.race([capture(begun.output, maxBytes), failed]);
        return { exitCode: await begun.exit(), ...captured };
      } finally {
        begun.running.kill();
      }
    },

    async stream(id, request, { signal }) {
      const [terminal] = await Promise.all([!request.tty || hasTerminal(client, signal), checkRuns(id, signal)]);
      if (!terminal) throw notSupported('nerdctl', 'exec.stream', 'execTty', noTerminal);
      const begun = begin(tools, id, request, { stdin: request.stdin, tty: request.tty, signal });
      await begun.hasBegun();
      signal.throwIfAborted();
      const exit = Promise.withResolvers<number>();
      exit.promise.catch(() => {}); // told to who waits
      const watched = watch(begun.output, () => void begun.exit().then(exit.resolve, exit.reject));
      return {
        id: remember(begun, exit.promise),
        output: watched.output,
        write: (data) => begun.write(data),
        closeStdin: () => begun.closeStdin(),
        resize: (size, options) => begun.resize(size, options?.signal ?? signal),
        async wait() {
          await watched.ended();
          return { exitCode: await exit.promise };
        },
        close: () => begun.running.kill(),
      };
    },

    async detached(id, request, { signal }) {
      await checkRuns(id, signal);
      // Once it has begun it is nobody's.
      const starting = new AbortController();
      const abort = (): void => starting.abort(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      try {
        const begun = begin(tools, id, request, { unheard: true, signal: starting.signal });
        const { running } = begun;
        const exit = (async () => {
          const stderr = await lastWords(running.stderr);
          const answer = { ...(await running.ended), stdout: '', stderr };
          const status = statusIn(answer);
          if (status === undefined) throw execFailure(answer, id);
          return status;
        })();
        exit.catch(() => {}); // told below, or by its state
        await begun.hasBegun();
        signal.throwIfAborted();
        // What has ended by now tells whether it could be run at all.
        if (begun.pid() === undefined) await Promise.race([exit, sleep(endMs)]);
        return { id: remember(begun, exit) };
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },

    async inspect(execId, { signal }) {
      signal.throwIfAborted();
      const tell = known.get(execId);
      if (tell === undefined) throw new NotFoundError('exec', execId);
      return tell();
    },
  };
}
