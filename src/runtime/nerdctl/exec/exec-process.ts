import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError } from '../../../errors.ts';
import type { ByteStream, Data, ExecRequest, OutputChunk, TerminalSize } from '../../runtime.ts';
import type { Running } from '../command/client.ts';
import { envFile } from '../create/env-file.ts';
import { execFailure, statusIn } from './exec-failures.ts';
import { processOf } from './exec-trace.ts';
import { withoutOwnWords } from '../containers/output.ts';
import { inTerminal, linesAside } from './terminal.ts';
import type { Tools } from '../connect/tools.ts';

const pollMs = 15;
/** Where nothing can be seen of it, it has begun when it has not failed for so long. */
const unseenMs = 2_000;

export interface BeginOptions {
  readonly stdin?: boolean | undefined;
  readonly tty?: boolean | TerminalSize | undefined;
  /** Its outputs are thrown away. */
  readonly unheard?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** A process in a container, by a nerdctl that stays with it. */
export interface ExecProcess {
  readonly running: Running;
  /** As the host sees it; undefined where that is not to be seen, or not any more. */
  pid(): number | undefined;
  /** Resolves when it runs, or has ended. */
  hasBegun(): Promise<void>;
  /** Both outputs. They are to be read to their end, or killed. */
  readonly output: AsyncIterable<OutputChunk>;
  write(data: Data): Promise<void>;
  closeStdin(): Promise<void>;
  resize(size: TerminalSize, signal: AbortSignal): Promise<void>;
  /** Its status, when its output has ended. @throws what kept it from being run */
  exit(): Promise<number>;
}

export function begin(
  { client, namespace }: Pick<Tools, 'client' | 'namespace'>,
  id: string,
  request: ExecRequest,
  options: BeginOptions,
): ExecProcess {
  const { stdin, tty, unheard, signal } = options;
  signal.throwIfAborted();
  const variables = envFile(request.env ?? []);
  const words = client.words([
    'exec',
    ...(stdin ? ['--interactive'] : []),
    ...(tty ? ['--tty'] : []),
    ...variables.args,
    ...(request.workingDir === undefined ? [] : ['--workdir', request.workingDir]),
    ...(request.user === undefined ? [] : ['--user', request.user]),
    ...(request.privileged ? ['--privileged'] : []),
    // The first `--` behind a container is lost.
    ...['--', id, '--', ...request.command],
  ]);
  const { env, file } = variables;
  const command = tty ? inTerminal(words, tty) : words;
  const running = client.streamProgram(command, { signal, env, file, stdin, unheard, aside: Boolean(tty) });
  // It has it now, too.
  variables.close();
  running.stdin?.on('error', () => {}); // told to who writes
  let said = '';
  const output = withoutOwnWords(running, signal, (own) => (said = own));
  const aside = running.aside === undefined ? undefined : linesAside(running.aside);

  const place = { namespace, address: client.way.address };
  let pid: number | undefined;
  const tellPid = (): number | undefined =>
    (pid ??= running.pid === undefined ? undefined : processOf(running.pid, place));
  const over = running.ended.then(() => true);

  async function watchBeginning(): Promise<void> {
    for (const until = performance.now() + unseenMs; performance.now() < until;) {
      if (tellPid() !== undefined || running.stdout.readableLength > 0) return;
      if (await Promise.race([over, sleep(pollMs)])) return;
    }
  }
  let beginning: Promise<void> | undefined;
  const hasBegun = (): Promise<void> => (beginning ??= watchBeginning());

  return {
    running,
    pid: tellPid,
    hasBegun,
    output: aside === undefined ? output : onlyOutput(output),

    async write(data) {
      const input = running.stdin;
      if (input === undefined) throw new ConflictError('this process was made without a standard input (stdin)');
      // Before it is set up the terminal would show what is typed.
      await aside?.first;
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        input.write(data, (error) => (error ? reject(ended(signal)) : resolve()));
      });
    },

    async closeStdin() {
      await aside?.first;
      // An end of the input that comes before the process does not reach it.
      await hasBegun();
      await new Promise<void>((resolve) => void (running.stdin ? running.stdin.end(() => resolve()) : resolve()));
    },

    async resize({ columns, rows }, until) {
      const terminal = await aside?.first;
      if (terminal === undefined) throw new ConflictError('this process was made without a terminal (tty)');
      const size = ['sh', '-c', setSize, 'sh', terminal, String(rows), String(columns), String(tellPid() ?? '')];
      const { exitCode } = await client.runProgram(size, { signal: until });
      if (exitCode !== 0) throw ended(signal);
    },

    async exit() {
      const { exitCode } = await running.ended;
      signal.throwIfAborted();
      const stderr = aside === undefined ? said : await aside.rest;
      const answer = { exitCode, stdout: '', stderr };
      const status = statusIn(answer);
      if (status === undefined) throw execFailure(answer, id);
      return status;
    },
  };
}

/** nerdctl passes a size on in its own time: it is waited for where the process can be seen, and has that terminal. */
const setSize = `
stty -F "$1" rows "$2" cols "$3" || exit
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  now=$(stty -F "/proc/$4/fd/0" size 2>/dev/null) || exit 0
  [ "$now" != "$2 $3" ] || exit 0
  sleep 0.05
done`;

function ended(signal: AbortSignal): Error {
  return signal.aborted ? (signal.reason as Error) : new ConflictError('this process has ended');
}

/** `script` itself has nothing to say. */
async function* onlyOutput(output: AsyncIterable<OutputChunk>): AsyncGenerator<OutputChunk> {
  for await (const chunk of output) if (chunk.stream === 'stdout') yield chunk;
}

/** Gives it all of its input, unless it ends before. */
export async function feed(begun: ExecProcess, stdin: Data | ByteStream | undefined): Promise<void> {
  if (stdin === undefined) return;
  for await (const chunk of typeof stdin === 'string' || stdin instanceof Uint8Array ? [stdin] : stdin) {
    const taken = await begun.write(chunk).then(
      () => true,
      () => false,
    );
    // A process may end without reading all of it.
    if (!taken) return;
  }
  await begun.closeStdin();
}

/** nerdctl's own word stands at the end of it. */
export async function lastWords(stderr: Readable): Promise<string> {
  let tail = Buffer.alloc(0);
  for await (const data of stderr) tail = Buffer.concat([tail, data as Uint8Array]).subarray(-longestWord);
  const text = tail.toString();
  return text.slice(Math.max(0, text.lastIndexOf('time="')));
}

const longestWord = 16_384;
