import type { Socket } from 'node:net';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type ResultPromise } from 'execa';
import { EngineUnavailableError, TimeoutError } from '../../../errors.ts';
import type { Answer } from './failures.ts';
import { aborted, killGroup } from '../../process-group.ts';
import { createTurns } from './turns.ts';
import type { Way } from './way.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** An open file that the program has as its number 3. */
  readonly file?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface StreamOptions extends Omit<RunOptions, 'timeoutMs'> {
  /** Give it a standard input. */
  readonly stdin?: boolean | undefined;
  /** An open pipe that the program writes to as its number 4. */
  readonly aside?: boolean | undefined;
  /** Nobody takes its output: it goes on, and we need not, when we have begun to end. */
  readonly unheard?: boolean | undefined;
}

/** A program that has been started, whose output is read as it comes. */
export interface Running {
  /** Of the first process of its group; undefined where it could not be started. */
  readonly pid: number | undefined;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly aside: Readable | undefined;
  readonly ended: Promise<{ readonly exitCode: number }>;
  /** It and whatever it has started. */
  kill(): void;
}

export interface Client {
  readonly way: Way;
  /** nerdctl, to its end. Rejects at once when aborted, and nothing goes on. */
  run(args: readonly string[], options: RunOptions): Promise<Answer>;
  stream(args: readonly string[], signal: AbortSignal): Running;
  /** Another program, where nerdctl runs. */
  streamProgram(command: readonly string[], options: StreamOptions): Running;
  /** What is run for them, for those who run it by another program. */
  words(args: readonly string[]): readonly string[];
  /** Another program, where nerdctl runs. */
  runProgram(command: readonly string[], options: RunOptions): Promise<Answer>;
}

const defaultTimeoutMs = 30_000;
/** More at once only make each of them slower. */
const mostAtOnce = 8;

export function createClient(way: Way, flags: readonly string[]): Client {
  const turns = createTurns(mostAtOnce);
  const words = (args: readonly string[]): readonly string[] => [way.nerdctl, ...flags, ...args];

  async function runProgram(command: readonly string[], options: RunOptions): Promise<Answer> {
    const { signal, timeoutMs = defaultTimeoutMs } = options;
    signal.throwIfAborted();
    const release = await turns.take(signal);
    const child = spawn(way, command, options, true);
    const over = new AbortController();
    let ended = false;
    try {
      const limits = timeoutMs === Infinity ? [] : [timeout(command, timeoutMs, over.signal)];
      await Promise.race([child, aborted(signal, over.signal), ...limits]);
      ended = true;
      return answerOf(await child);
    } finally {
      if (!ended) killGroup(child.pid);
      over.abort();
      release();
    }
  }

  return {
    way,
    words,
    run: (args, options) => runProgram(words(args), options),
    runProgram,
    stream: (args, signal) => streamOf(way, words(args), { signal }),
    streamProgram: (command, options) => streamOf(way, command, options),
  };
}

function streamOf(way: Way, command: readonly string[], { signal, ...options }: StreamOptions): Running {
  const child = spawn(way, command, options, false);
  // What nobody has begun to read when the program ends is thrown away: so it is read at once, and waits here.
  const [stdout, stderr] = [child.stdout, child.stderr].map((output) =>
    output ? output.pipe(new PassThrough()) : new PassThrough().end(),
  );
  if (options.unheard) {
    child.nodeChildProcess.unref();
    (child.stderr as Socket | null)?.unref();
  }
  const end = (): void => {
    killGroup(child.pid);
    // What nobody reads would keep the pipe open.
    for (const pipe of child.stdio) pipe?.destroy();
    stdout?.end();
    stderr?.end();
  };
  signal.addEventListener('abort', end, { once: true });
  const ended = endOf(child).finally(() => signal.removeEventListener('abort', end));
  return {
    pid: child.pid,
    stdin: child.stdin ?? undefined,
    stdout: stdout as Readable,
    stderr: stderr as Readable,
    aside: (child.stdio[4] as Readable | null | undefined) ?? undefined,
    ended,
    kill: end,
  };
}

function spawn(
  { enter, env: own }: Way,
  words: readonly string[],
  { env, file, stdin, aside, unheard }: Omit<RunOptions & StreamOptions, 'signal'>,
  buffer: boolean,
): ResultPromise {
  const [program = '', ...args] = [...enter, ...words];
  return execa(program, args, {
    env: { ...own, ...env },
    extendEnv: false,
    stdio: stdioWith([stdin ? 'pipe' : 'ignore', unheard ? 'ignore' : 'pipe', 'pipe'], file, aside),
    buffer,
    reject: false,
    stripFinalNewline: false,
    encoding: buffer ? 'utf8' : 'buffer',
    // A process group of its own: all of it can be ended, and a terminal's signals are ours alone.
    detached: true,
    cleanup: false,
  }) as unknown as ResultPromise;
}

/** execa's type has no number behind the third. */
function stdioWith(
  usual: readonly ('pipe' | 'ignore')[],
  file: number | undefined,
  aside: boolean | undefined,
): ['ignore', 'pipe', 'pipe'] {
  const more = [...(file === undefined ? (aside ? ['ignore'] : []) : [file]), ...(aside ? ['pipe'] : [])];
  return [...usual, ...more] as unknown as ['ignore', 'pipe', 'pipe'];
}

async function timeout(command: readonly string[], ms: number, over: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal: over }).catch(() => {});
  const verb = command.find((word) => /^[a-z]+$/.test(word)) ?? '';
  throw new TimeoutError(`nerdctl ${verb} took longer than ${ms / 1000} s`);
}

interface Result {
  readonly exitCode?: number | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  readonly code?: string | undefined;
  readonly originalMessage?: string | undefined;
}

function answerOf(result: Result): Answer {
  const { exitCode, stdout, stderr, code, originalMessage } = result;
  // It could not even be started.
  if (exitCode === undefined && code !== undefined)
    throw new EngineUnavailableError(`nerdctl cannot be run: ${originalMessage ?? code}`);
  return { exitCode: exitCodeOf(result), stdout: textOf(stdout), stderr: textOf(stderr) };
}

async function endOf(child: ResultPromise): Promise<{ exitCode: number }> {
  try {
    return { exitCode: exitCodeOf(await child) };
  } catch {
    return { exitCode: -1 };
  }
}

/** -1: ended by a signal. */
function exitCodeOf({ exitCode }: Result): number {
  return exitCode ?? -1;
}

function textOf(output: unknown): string {
  return typeof output === 'string' ? output : '';
}
