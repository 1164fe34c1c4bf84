import * as z from 'zod';
import { ConflictError, ExecError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { capture, defaultMaxBytes, watch } from '../../exec-output.ts';
import type { ByteStream, Data, ExecState, OutputChunk, StreamedExecRequest, TerminalSize } from '../../runtime.ts';
import { askJson, tell } from '../wire/ask.ts';
import type { Connection } from '../connect/connect.ts';
import { slowCallMs } from './create-container.ts';
import { demultiplex, raw } from '../wire/frames.ts';
import type { Hijacked } from '../wire/hijack.ts';
import { read } from '../wire/read.ts';
import { startFailure, startRefusal } from '../wire/refusals.ts';
import { isOlder } from '../connect/version.ts';
import { pause } from '../../../timing.ts';

const created = z.object({ Id: z.string() });
const state = z.object({
  Running: z.boolean(),
  ExitCode: z
    .number()
    .nullish()
    .transform((code) => code ?? undefined),
  Pid: z.number().default(0),
});

/** In place of the output of a process that could not be made. */
const neverRan = /^(?:OCI runtime exec failed|exec failed|Error: \w+: exec failed: unable to start)/;

/** The engine notes the end of a process a moment after its output has ended. */
const endPausesMs = [0, 5, 10, 20, 50, 100, 200, 500, 1000];

export function execOf({ api, apiVersion, libpod }: Connection): Adapter['exec'] {
  const isPodman = libpod !== undefined;

  async function create(
    id: string,
    request: StreamedExecRequest,
    attach: boolean,
    signal: AbortSignal,
  ): Promise<string> {
    const { command, env, workingDir, user, privileged, stdin, tty } = request;
    const body = {
      Cmd: [...command],
      ...(env !== undefined && { Env: [...env] }),
      ...(workingDir !== undefined && { WorkingDir: workingDir }),
      ...(user !== undefined && { User: user }),
      ...(privileged === true && { Privileged: true }),
      AttachStdin: stdin === true,
      AttachStdout: attach,
      AttachStderr: attach,
      Tty: Boolean(tty),
      ...consoleSize(tty, apiVersion),
    };
    const path = `/containers/${encodeURIComponent(id)}/exec`;
    const expected = { what: `run ${command[0]}`, accepted: [201], missing: ['container', id] } as const;
    const answer = await askJson(api, { method: 'POST', path, body, signal }, expected);
    return read('answer to exec', () => created.parse(answer)).Id;
  }

  async function inspect(execId: string, signal: AbortSignal): Promise<ExecState> {
    const expected = { what: 'inspect the exec', missing: ['exec', execId] } as const;
    const answer = await askJson(api, { method: 'GET', path: `/exec/${execId}/json`, signal }, expected);
    const { Running, ExitCode, Pid } = read('exec', () => state.parse(answer));
    return { running: Running, exitCode: Running ? undefined : ExitCode, pid: Pid };
  }

  /** @param said how its output begins: where a process could not be made, that is all that tells why */
  async function endOf(execId: string, said: string, signal: AbortSignal): Promise<number> {
    for (const pauseMs of endPausesMs) {
      if (pauseMs > 0) await pause(pauseMs, signal);
      const { running, exitCode, pid } = await inspect(execId, signal);
      if (running || exitCode === undefined) continue;
      if ((pid === 0 || isPodman) && neverRan.test(said))
        throw startFailure(said.trim(), `the engine refused to run it: ${said.trim()}`);
      return exitCode;
    }
    throw new ExecError(`the engine does not tell how the process ended`, {
      hint: 'It may have closed its outputs and go on.',
    });
  }

  async function start(
    execId: string,
    request: StreamedExecRequest,
    signal: AbortSignal,
  ): Promise<{ connection: Hijacked; output: AsyncIterable<OutputChunk> }> {
    const tty = Boolean(request.tty);
    const body = { Detach: false, Tty: tty, ...consoleSize(request.tty, apiVersion) };
    const path = `/exec/${execId}/start`;
    const asked = { method: 'POST', path, body, upgrade: true, signal, timeoutMs: slowCallMs } as const;
    const response = await api(asked);
    const connection = response.hijack?.();
    if (connection === undefined) throw await startRefusal(response, execId, `run ${request.command[0]}`);
    return { connection, output: tty ? raw(connection.output) : demultiplex(connection.output) };
  }

  async function resize(execId: string, { columns, rows }: TerminalSize, signal: AbortSignal): Promise<void> {
    const query = { h: rows, w: columns };
    const expected = { what: 'resize the terminal', accepted: [200, 201], missing: ['exec', execId] } as const;
    await tell(api, { method: 'POST', path: `/exec/${execId}/resize`, query, signal }, expected);
  }

  return {
    async run(id, { stdin, maxBytes = defaultMaxBytes, ...request }, { signal }) {
      const execId = await create(id, { ...request, stdin: stdin !== undefined }, true, signal);
      const { connection, output } = await start(execId, request, signal);
      try {
        const [captured] = await Promise.all([capture(output, maxBytes), feed(connection, stdin)]);
        const exitCode = await endOf(execId, captured.stdout + captured.stderr, signal);
        return { exitCode, ...captured };
      } finally {
        connection.close();
      }
    },

    async stream(id, request, { signal }) {
      const execId = await create(id, request, true, signal);
      const { connection, output } = await start(execId, request, signal);
      const { tty, stdin } = request;
      // Before API 1.42 a terminal is made first and given its size then.
      if (typeof tty === 'object' && isOlder(apiVersion, '1.42')) await resize(execId, tty, signal).catch(ifEnded);
      const watched = watch(output);
      return {
        id: execId,
        output: watched.output,
        async write(data) {
          if (stdin !== true) throw new ConflictError('this process was made without a standard input (stdin)');
          await connection.write(data);
        },
        closeStdin: () => connection.closeInput(),
        async resize(size, options) {
          if (!tty) throw new ConflictError('this process was made without a terminal (tty)');
          await resize(execId, size, options?.signal ?? signal);
        },
        async wait() {
          return { exitCode: await endOf(execId, await watched.ended(), signal) };
        },
        close: () => connection.close(),
      };
    },

    async detached(id, request, { signal }) {
      const execId = await create(id, request, false, signal);
      const asked = {
        method: 'POST',
        path: `/exec/${execId}/start`,
        body: { Detach: true, Tty: false },
        signal,
      } as const;
      const response = await api({ ...asked, timeoutMs: slowCallMs });
      if (response.status !== 200) throw await startRefusal(response, execId, `run ${request.command[0]}`);
      await response.discard();
      return { id: execId };
    },

    inspect: (execId, { signal }) => inspect(execId, signal),
  };
}

function consoleSize(tty: StreamedExecRequest['tty'], apiVersion: string): object {
  return typeof tty !== 'object' || isOlder(apiVersion, '1.42') ? {} : { ConsoleSize: [tty.rows, tty.columns] };
}

/** It may have ended before it could be resized. */
function ifEnded(error: unknown): void {
  if (!(error instanceof NotFoundError || error instanceof ConflictError)) throw error;
}

async function feed(connection: Hijacked, stdin: Data | ByteStream | undefined): Promise<void> {
  if (stdin === undefined) return;
  const source = typeof stdin === 'string' || stdin instanceof Uint8Array ? [stdin] : stdin;
  for await (const chunk of source) {
    const taken = await connection.write(chunk).then(
      () => true,
      () => false,
    );
    // A process may end without reading all of it. If the connection is broken, its output tells.
    if (!taken) return;
  }
  await connection.closeInput();
}
