import {
  CancelledError,
  describeError,
  endingSignals,
  EngineRefusedError,
  NotInTimeError,
  NotReadyError,
  NotSupportedError,
} from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { Environment } from '../plan/plan.ts';
import { readinessText } from '../plan/readiness.ts';
import { seeReady, startAndSee } from '../readiness/see.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { bootClock, bootId, msSince, sleepUntil, uptimeMs } from './clock.ts';
import { siblingOf } from './key.ts';
import { label } from './labels.ts';
import { type Duty, duty, readDuty } from './duty.ts';
import { type StatusFile, statusFile } from './status.ts';
import { readTask, type Task } from './task.ts';
import { readTries } from './tries.ts';
import { untilConditionsHold } from './until-conditions.ts';
import { noteVerdict, settledBefore } from './verdict.ts';
import { engineInTime, engineOfWaiter, whileNotCutOff } from './waiter-engine.ts';

/** What every step of a waiter works with. */
interface Work {
  readonly env: Environment;
  readonly own: Duty;
  readonly task: Task;
  readonly status: StatusFile;
  readonly options: StageOptions;
}

/**
 * Starts the sibling at the deadline and when its conditions hold, sees that it becomes ready, and removes its own
 * container. After a reboot it does nothing: a sibling that reboots the machine would do so for ever.
 */
export async function carryOutDuty(env: Environment, options: StageOptions): Promise<void> {
  const own = readDuty(env);
  const task = readTask(env[duty.task]);
  const status = statusFile(task.statusFile, options.report);
  status.about({ id: own.sibling, name: siblingOf(own.name) });
  if (own.bootId !== bootId()) {
    const message = 'the machine was rebooted since: nothing is started';
    options.report({ level: 'warn', event: 'warning', message });
    return status.tell('abandoned', message, { exitStatus: 0 });
  }
  const before = settledBefore();
  if (before !== undefined) throw before;
  const work = { env, own, task, status, options };
  let runtime: Runtime;
  try {
    const ended = endingSignals.find((name) => name === env[duty.signal]);
    if (ended !== undefined) throw new CancelledError(ended);
    runtime = await startInTime(work);
  } catch (error) {
    await end(error, work);
    throw error;
  }
  await removeSelf(own, runtime, options);
}

/** Cleans up after a failure, so that it is the last word where nothing else can come of it. */
async function end(error: unknown, work: Work): Promise<void> {
  const { status, options } = work;
  // An engine that shuts down ends its waiters by the same signal. It cannot be reached then: nothing is cancelled,
  // and it starts them again when it is back.
  if (error instanceof CancelledError) await takeBack(work, 'cancelled');
  if (error instanceof NotInTimeError) {
    try {
      await takeBack(work, 'given up');
    } catch (left) {
      const message = `the sibling may be left behind: ${describeError(left)}`;
      return options.report({ level: 'error', event: 'undone', message, id: work.own.sibling });
    }
  }
  // To start one may work when the engine starts us again; what was found out stays so.
  const isFinal = [CancelledError, NotInTimeError, NotReadyError].some((kind) => error instanceof kind);
  if (isFinal) noteVerdict(error);
  status.tellFailure(error);
}

async function startInTime(work: Work): Promise<Runtime> {
  const { env, own, options } = work;
  const { signal, report } = options;
  // All that can be done before the deadline is done before it: only the start is left then.
  const runtime = await engineInTime(env, { signal, report });
  let sibling = await inspectSibling(own, runtime, signal);
  if (sibling.state.startedAt === undefined) {
    await untilItsTime(work, runtime);
    // Somebody may have started it meanwhile, or we have, and were killed then: once is enough.
    sibling = await inspectSibling(own, runtime, signal);
  }
  await started(sibling, work, runtime);
  return runtime;
}

async function untilItsTime({ env, own, task, options }: Work, runtime: Runtime): Promise<void> {
  const { signal, report } = options;
  const left = own.deadlineMs - uptimeMs();
  const message = `${left} ms to the deadline`;
  report({ level: 'debug', event: 'waiting', message, id: own.sibling, milliseconds: left });
  await sleepUntil(own.deadlineMs, signal);
  await whileNotCutOff(env, signal, (until) =>
    untilConditionsHold({ ...task, sinceMs: own.deadlineMs }, { report, signal: until, runtime }),
  );
}

async function started(sibling: ContainerRecord, { task, status, options }: Work, runtime: Runtime): Promise<void> {
  const { name, state, settings } = sibling;
  const { ready, readyTimeoutMs: timeoutMs } = task;
  const expected = { sibling: { ...sibling, autoRemove: settings.autoRemove ?? false }, ready, timeoutMs };
  const tools = { ...options, runtime, clock: bootClock };
  const asked = readinessText(ready);
  if (state.startedAt !== undefined) await seeReady(expected, msSince(state.startedAt), tools);
  else
    await startAndSee(
      expected,
      async () => {
        await startOnce(sibling, runtime);
        options.report({ level: 'info', event: 'started', message: `started ${name}`, id: sibling.id });
        if (ready.is !== 'started') status.tell('started', `${name} is started; ${asked} is asked for`);
      },
      tools,
    );
  const exitCode = ready.is === 'exited' ? ready.exitCode : null;
  status.tell(ready.is === 'started' ? 'started' : 'ready', `${name}: ${asked}`, { exitCode, exitStatus: 0 });
}

/** A start that was cut off may have happened, although the engine does not know: it is tried again once, not for ever. */
const mostTries = 2;

async function startOnce({ id, name }: ContainerRecord, runtime: Runtime): Promise<void> {
  const tries = readTries();
  if (tries.count >= mostTries) {
    throw new EngineRefusedError(
      `${name} is not started again: the engine went away ${tries.count} times while it was started`,
    );
  }
  tries.begin();
  try {
    await runtime.start(id, { signal: new AbortController().signal });
  } catch (error) {
    // The engine has answered.
    if (error instanceof EngineRefusedError) tries.settled();
    throw error;
  }
  tries.settled();
}

async function inspectSibling({ sibling }: Duty, runtime: Runtime, signal: AbortSignal): Promise<ContainerRecord> {
  const record = await runtime.inspect(sibling, { signal });
  if (record !== undefined) return record;
  throw new EngineRefusedError(`the sibling ${sibling.slice(0, 12)} was removed before its time`);
}

/** A waiter that ends before its time takes with it the sibling that never ran. */
async function takeBack({ own, env, options: { report } }: Work, why: string): Promise<void> {
  const signal = AbortSignal.timeout(takeBackMs);
  const runtime = await engineOfWaiter(env, { signal, report });
  const sibling = await runtime.inspect(own.sibling, { signal });
  if (sibling === undefined || sibling.state.startedAt !== undefined) return;
  await runtime.remove(sibling.id, { signal });
  const message = `${why}: removed ${sibling.name}, which was not started`;
  report({ level: 'warn', event: 'undone', message, id: sibling.id });
}

const takeBackMs = 3_000;

/** By name, as nothing tells us our id; the label says whether the name is still ours. The engine ends us by it. */
async function removeSelf(
  { name, sibling }: Duty,
  runtime: Runtime,
  { signal: ending, report }: StageOptions,
): Promise<void> {
  // Podman asks us to end first, and waits for it: nobody waits for its answer then.
  const asked = new AbortController();
  ending.addEventListener('abort', () => asked.abort(), { once: true });
  const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(30_000)]);
  try {
    const self = await runtime.inspect(name, { signal });
    if (self?.labels[label.sibling] === sibling) await runtime.remove(self.id, { signal });
  } catch (error) {
    if (asked.signal.aborted) return;
    // Its work is done all the same.
    if (!(error instanceof NotSupportedError)) throw error;
    report({ level: 'warn', event: 'warning', message: `${name} stays: ${error.message}` });
  }
}
