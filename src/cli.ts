import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { executionError, resolveCommand } from './entrypoint.ts';
import {
  CancelledError,
  describeError,
  endingSignals,
  ImageUnavailableError,
  InternalError,
  OffshootError,
} from './errors.ts';
import type { Reporter } from './events.ts';
import { exitStatusFor } from './exit.ts';
import type { Outcome } from './launch/launch.ts';
import type { AttachedOutput } from './launch/options.ts';
import { type AskingLine, type CommandLine, type FlagTexts, parseCommandLine } from './plan/argv.ts';
import { helpText } from './plan/help.ts';
import { logSettings } from './plan/log.ts';
import { parsePlan, type Plan } from './plan/plan.ts';
import { isTriggered } from './plan/trigger.ts';
import { inheritedByDefault } from './policy/inheritance.ts';
import { loadPolicy } from './policy/load.ts';
import type { Policy } from './policy/policy.ts';
import { createReporter } from './report/reporter.ts';
import { isWaiter } from './launch/duty.ts';
import type { Stdin, Stdout } from './verbs/context.ts';

/** Injected by the build from package.json. */
declare const OFFSHOOT_VERSION: string;

/** The only file that touches `process`: argv and environment come in here, output and exit status leave from here. */
export async function main(): Promise<void> {
  const { env } = process;
  const ending = endOnSignals();
  let report = reporterFor({});
  let stage: 'launch' | 'waiter' = 'launch';
  let asks = false;
  // Node would show the whole error, and with it the request that it is about.
  process.on('uncaughtException', (error) => process.exit(fail(error)));
  try {
    if (isWaiter(env)) {
      stage = 'waiter';
      const { carryOutDuty } = await import('./launch/carry-out-duty.ts');
      await carryOutDuty(env, { signal: ending.signal, report });
      return;
    }
    const line = parseCommandLine(process.argv.slice(2));
    if ('flags' in line) report = reporterFor(line.flags);
    asks = 'own' in line;
    process.exitCode = await run(line, ending, report);
  } catch (error) {
    process.exitCode = fail(error);
    // Whoever does not read what we have written would keep us here.
    if (asks && error instanceof CancelledError) process.exit();
  } finally {
    ending.stop();
  }

  function fail(error: unknown): number {
    const known = error instanceof OffshootError ? error : new InternalError(describeError(error), { cause: error });
    const reason = known instanceof ImageUnavailableError ? { reason: known.reason } : {};
    report({ level: 'error', event: 'error', message: describeError(known), code: known.code, ...reason });
    if (known instanceof InternalError && error instanceof Error)
      report({ level: 'debug', event: 'error', message: error.stack ?? '' });
    return exitStatusFor(known, stage, env['OFFSHOOT_COMPAT']);
  }
}

async function run(line: CommandLine, ending: Ending, report: Reporter): Promise<number> {
  if ('own' in line) return askBy(line, ending, report);
  switch (line.verb) {
    case 'help':
      process.stdout.write(helpText(OFFSHOOT_VERSION));
      return 0;
    case 'version':
      process.stdout.write(`offshoot ${OFFSHOOT_VERSION}\n`);
      return 0;
    case 'launch':
      return launchBy(line, ending, report);
    case 'plan':
      return tellPlan(line, ending, report);
    case 'entrypoint':
      return isTriggered(process.env)
        ? launchBy({ flags: {}, command: undefined }, ending, report)
        : become(line.words, ending);
    default:
      return line satisfies never;
  }
}

type Line<V extends CommandLine['verb']> = Extract<CommandLine, { verb: V }>;
type Asked = Pick<Line<'launch'>, 'flags' | 'command'>;

const readFile = (path: string): string => readFileSync(path, 'utf8');

interface Checked {
  readonly plan: Plan;
  readonly policy: Policy | undefined;
}

function planBy({ flags, command }: Asked): Checked {
  const policy = loadPolicy();
  const inherit = policy && inheritedByDefault(policy);
  return { plan: parsePlan({ env: process.env, flags, command, now: new Date(), inherit, readFile }), policy };
}

async function launchBy(asked: Asked, ending: Ending, report: Reporter): Promise<number> {
  const { plan, policy } = planBy(asked);
  if (plan.dryRun) return tellPlan({ ...asked, as: undefined, showValues: false }, ending, report);
  const { env } = process;
  const { launch } = await import('./launch/launch.ts');
  const { signal } = ending;
  try {
    const outcome = await launch(plan, { env, policy, signal, report, output: attachedOutput(ending) });
    tellResult(outcome, plan.attach, report);
    return outcome.exitStatus;
  } catch (error) {
    const { tellMore } = await import('./verbs/doctor/after-failure.ts');
    await tellMore(error, { env, flags: asked.flags, signal, readFile }, report);
    throw error;
  }
}

/** Text on a terminal and JSON elsewhere, as the log, unless another form is asked for. */
async function tellPlan(line: Omit<Line<'plan'>, 'verb'>, { signal }: Ending, report: Reporter): Promise<number> {
  const { as = isatty(1) ? 'text' : 'json', showValues } = line;
  const { planLaunch } = await import('./launch/plan-launch.ts');
  const { plan, policy } = planBy(line);
  const planned = await planLaunch(plan, { env: process.env, policy, signal, report, showValues });
  const { renderPlan } = await import('./render/plan.ts');
  const { text, notes } = await renderPlan(planned, as, { showValues });
  process.stdout.write(text);
  for (const message of notes) report({ level: 'warn', event: 'warning', message });
  return 0;
}

async function askBy(line: AskingLine, { signal }: Ending, report: Reporter): Promise<number> {
  const { runVerb } = await import('./verbs/run.ts');
  const { env } = process;
  return runVerb(line, { env, signal, report, readFile, write: writeOut, stdin: ownStdin(), stdout: ownStdout() });
}

/** In attached mode stdout is the sibling's, so that the result goes where the events go. */
function tellResult({ result }: Outcome, attached: boolean, report: Reporter): void {
  if (attached) report({ level: 'debug', event: 'result', message: 'the sibling has ended', result });
  else writeTo('stdout', `${JSON.stringify(result)}\n`);
}

/** Untriggered, we are not there: the image's own command takes our place. */
async function become(words: readonly string[], ending: Ending): Promise<number> {
  const file = await resolveCommand(words, process.env);
  ending.stop();
  // Node ignores these two; what is ignored stays so across exec, while a handler goes back to the default.
  for (const name of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(name, () => {});
  if (process.execve === undefined)
    throw new InternalError('this Node cannot replace itself; offshoot needs 22.15 or newer as entrypoint');
  process.removeAllListeners('warning'); // that execve is experimental: nobody here can do anything about it
  try {
    return process.execve(file, [...words], process.env);
  } catch (error) {
    throw executionError(file, error);
  }
}

interface Ending {
  /** Aborted by the first signal that ends us, with a `CancelledError`. */
  readonly signal: AbortSignal;
  /** From now on signals go there and end nothing. */
  redirect(to: (signalName: string) => void): void;
  stop(): void;
}

/** As process 1 of a container we get no signal that we do not ask for. */
function endOnSignals(): Ending {
  const controller = new AbortController();
  let redirected: ((signalName: string) => void) | undefined;
  const ending = endingSignals.map((name) => ({
    name,
    handler: () => (redirected === undefined ? controller.abort(new CancelledError(name)) : redirected(name)),
  }));
  // Asked for from the beginning, because Node would open its debugger at SIGUSR1.
  const passed = passedSignals.map((name) => ({ name, handler: () => redirected?.(name) }));
  const handlers = [...ending, ...passed];
  for (const { name, handler } of handlers) process.on(name, handler);
  return {
    signal: controller.signal,
    redirect: (to) => {
      redirected = to;
    },
    stop: () => {
      for (const { name, handler } of handlers) process.off(name, handler);
    },
  };
}

/** What else may mean something to an attached sibling. */
const passedSignals = ['SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const;

function attachedOutput(ending: Ending): AttachedOutput {
  return {
    passSignals: (to) => ending.redirect(to),
    write: (stream, data) =>
      new Promise((resolve) => {
        const to = process[stream];
        // Waits until it is written: a slow reader of ours slows the sibling down, and costs no memory.
        to.write(to.isTTY ? withoutReturns(data) : data, () => resolve());
      }),
  };
}

/** The sibling's terminal has put a return before each line feed, and ours is about to. */
function withoutReturns(data: Uint8Array): Buffer {
  return Buffer.from(Buffer.from(data).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

function ownStdin(): Stdin {
  return {
    isTerminal: isatty(0),
    chunks: () => process.stdin as AsyncIterable<Uint8Array>,
    raw: () => {
      process.stdin.setRawMode(true);
      return () => process.stdin.setRawMode(false);
    },
    close: () => void process.stdin.destroy(),
  };
}

function ownStdout(): Stdout {
  const { stdout } = process;
  return {
    isTerminal: isatty(1),
    size: () => (isatty(1) && stdout.columns > 0 ? { columns: stdout.columns, rows: stdout.rows } : undefined),
    onResize: (listener) => {
      stdout.on('resize', listener);
      return () => stdout.off('resize', listener);
    },
  };
}

function reporterFor(flags: FlagTexts): Reporter {
  const { format, level } = logSettings(process.env, flags);
  // Not `process.stderr.isTTY`: its first use makes a pipe non-blocking, also for the command that takes our place.
  const onTerminal = isatty(2);
  return createReporter({
    format: format === 'auto' ? (onTerminal ? 'text' : 'json') : format,
    level,
    terminal: onTerminal && process.env['TERM'] !== 'dumb' ? { columns: () => process.stderr.columns } : undefined,
    write: (text) => writeTo('stderr', text),
  });
}

/** Whoever reads may be gone, as nerdctl's log writer is when containerd was started again: that ends no launch. */
function writeTo(stream: 'stdout' | 'stderr', text: string): void {
  const to = process[stream];
  if (to.listenerCount('error') === 0) to.on('error', () => {});
  to.write(text);
}

/** Waits until it is written; rejects where nobody reads any more. */
function writeOut(data: string | Uint8Array, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
  const to = process[stream];
  if (to.listenerCount('error') === 0) to.on('error', () => {});
  return new Promise((resolve, reject) => {
    if (data.length === 0) resolve();
    else to.write(data, (error) => (error ? reject(error) : resolve()));
  });
}
