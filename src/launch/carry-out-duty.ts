import { CancelledError, endingSignals, EngineRefusedError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { Environment } from '../plan/plan.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import { detectRuntime } from '../runtime/detect.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { bootId, sleepUntil, uptimeMs } from './clock.ts';
import { label } from './labels.ts';
import { type Duty, duty, readDuty } from './duty.ts';
import { readTries } from './tries.ts';

/**
 * Starts the sibling at the deadline, and removes its own container. After a reboot it does nothing: a sibling that
 * reboots the machine would do so for ever.
 */
export async function carryOutDuty(env: Environment, options: StageOptions): Promise<void> {
  const task = readDuty(env);
  if (task.bootId !== bootId()) {
    options.report({ level: 'warn', event: 'warning', message: 'the machine was rebooted since: nothing is started' });
    return;
  }
  try {
    const ended = endingSignals.find((name) => name === env[duty.signal]);
    if (ended !== undefined) throw new CancelledError(ended);
    await startAtDeadline(task, env, options);
  } catch (error) {
    // An engine that shuts down ends its waiters by the same signal. It cannot be reached then: nothing is cancelled,
    // and it starts them again when it is back.
    if (error instanceof CancelledError) await cancel(task, env, options);
    throw error;
  }
}

async function startAtDeadline(task: Duty, env: Environment, { signal, report }: StageOptions): Promise<void> {
  // All that can be done before the deadline is done before it: only the start is left then.
  const runtime = await detectRuntime(preferenceIn(env), env, { signal, report });
  await inspectSibling(task, runtime, signal);
  const left = task.deadlineMs - uptimeMs();
  report({
    level: 'debug',
    event: 'waiting',
    message: `${left} ms to the deadline`,
    id: task.sibling,
    milliseconds: left,
  });
  await sleepUntil(task.deadlineMs, signal);
  // Somebody may have started it meanwhile, or we have, and were killed then: once is enough.
  const sibling = await inspectSibling(task, runtime, signal);
  if (sibling.state.startedAt === undefined) {
    await startOnce(sibling, runtime);
    report({ level: 'info', event: 'started', message: `started ${sibling.name}`, id: sibling.id });
  }
  await removeSelf(task, runtime);
}

/** A waiter is told where its engine is: by an address, or by this. */
function preferenceIn(env: Environment): 'auto' | 'nerdctl' {
  return env['OFFSHOOT_RUNTIME'] === 'nerdctl' ? 'nerdctl' : 'auto';
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

/** A waiter that is told to end takes with it the sibling that never ran. */
async function cancel(task: Duty, env: Environment, { report }: StageOptions): Promise<void> {
  const signal = AbortSignal.timeout(cancelMs);
  const runtime = await detectRuntime(preferenceIn(env), env, { signal, report });
  const sibling = await runtime.inspect(task.sibling, { signal });
  if (sibling !== undefined && sibling.state.startedAt === undefined) {
    await runtime.remove(sibling.id, { signal });
    report({
      level: 'warn',
      event: 'undone',
      message: `cancelled: removed ${sibling.name}, which was not started`,
      id: sibling.id,
    });
  }
}

const cancelMs = 3_000;

/** By name, as nothing tells us our id; the label says whether the name is still ours. The engine ends us by it. */
async function removeSelf({ name, sibling }: Duty, runtime: Runtime): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  const self = await runtime.inspect(name, { signal });
  if (self?.labels[label.sibling] === sibling) await runtime.remove(self.id, { signal });
}
