import { isRemovedByUs } from './auto-remove.ts';
import { NotInTimeError, NotReadyError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { readinessText } from '../plan/readiness.ts';
import { startAndSee } from '../readiness/see.ts';
import type { ContainerSpec } from '../runtime/container.ts';
import { adopted } from './adopt.ts';
import { attached } from './attach.ts';
import { bootClock, type Deadline, deadlineIn, sleepUntil, uptimeMs } from './clock.ts';
import { makeSibling, makeWaiter } from './create.ts';
import { label } from './labels.ts';
import type { LaunchResult } from './result.ts';
import { untilConditionsHold } from './until-conditions.ts';
import { waiterSpec } from './waiter.ts';
import { done, type Outcome, resultOf, type Work } from './work.ts';

/** Makes the sibling, and sees to its start in the way that the plan asks for. */
export async function carryOut(work: Work): Promise<Outcome> {
  const { plan, waiting, status } = work;
  const made = await makeSibling(specOf(work), plan.key !== undefined, work);
  if (made.by === 'another') return adopted(made, work);

  const result = resultOf(work, made.id);
  status.about(result);
  const deadline = deadlineOf(plan);
  if (plan.attach) return stay(work, result, deadline);
  if (deadline === undefined && waiting.watched.length === 0) return startNow(work, result);
  return leaveToWaiter(work, result, deadline);
}

/** Waits here, and then with the sibling until that ends. */
async function stay(work: Work, result: LaunchResult, deadline: Deadline | undefined): Promise<Outcome> {
  const { plan, settings, waiting, status, runtime, options } = work;
  if (deadline !== undefined || waiting.watched.length > 0) status.tell('waiting', startsWhen(result, deadline, work));
  if (deadline !== undefined) await sleepUntil(deadline.uptimeMs, options.signal);
  await untilConditionsHold(
    { ...plan, when: waiting.watched, sinceMs: deadline?.uptimeMs ?? uptimeMs() },
    { ...options, runtime },
  );
  const { autoRemove = false } = settings;
  const onStart = (): void => status.tell('started', `${result.name} runs`);
  const exitStatus = await attached({ ...result, autoRemove }, { ...work, onStart });
  if (isRemovedByUs(plan, runtime)) await runtime.remove(result.id, { signal: new AbortController().signal });
  status.tell('started', `${result.name} has ended`, { exitCode: exitStatus, exitStatus });
  return { exitStatus, result: { ...result, startsAt: now(), ready: 'started' } };
}

async function startNow(work: Work, result: LaunchResult): Promise<Outcome> {
  const { plan, settings, status, runtime, ledger, options } = work;
  const { ready, readyTimeoutMs: timeoutMs } = plan;
  const { autoRemove = false } = settings;
  let startsAt: string | undefined;
  const start = async (): Promise<void> => {
    await ledger.start(result.id, options.signal);
    startsAt = now();
    if (ready.is !== 'started')
      status.tell('started', `${result.name} is started; ${readinessText(ready)} is asked for`);
  };
  try {
    await startAndSee({ sibling: { ...result, autoRemove }, ready, timeoutMs }, start, {
      ...options,
      runtime,
      clock: bootClock,
    });
  } catch (error) {
    // For somebody to look at.
    if (error instanceof NotReadyError || error instanceof NotInTimeError) ledger.keep();
    throw error;
  }
  ledger.keep();
  return done(work, { ...result, startsAt: startsAt ?? null, ready: readinessText(ready) });
}

async function leaveToWaiter(work: Work, result: LaunchResult, asked: Deadline | undefined): Promise<Outcome> {
  const { plan, request, waiting, status, ledger, options } = work;
  const { whenTimeoutMs, whenElse, ready, readyTimeoutMs } = plan;
  const deadline = asked ?? deadlineIn(0);
  const task = {
    when: [...waiting.watched],
    whenTimeoutMs,
    whenElse,
    ready,
    readyTimeoutMs,
    statusFile: waiting.statusFile,
  };
  const spec = waiterSpec({ ...work, sibling: result, deadline, task, key: request.key });
  const id = await makeWaiter(spec, work);
  const message = startsWhen(result, asked, work);
  status.tell('waiting', message);
  await ledger.start(id, options.signal);
  ledger.keep();
  options.report({ level: 'info', event: 'scheduled', message, id: result.id });
  const startsAt = deadline.at.toISOString();
  const when = waiting.watched.map(({ text }) => text);
  return { exitStatus: 0, result: { ...result, startsAt, when, waiter: { id, name: spec.name } } };
}

function startsWhen({ name }: LaunchResult, deadline: Deadline | undefined, { waiting }: Work): string {
  const time = deadline?.at.toISOString();
  if (waiting.watched.length === 0) return `${name} starts at ${time}`;
  const conditions = waiting.watched.map(({ text }) => text).join(' and ');
  return `${name} starts when ${conditions}${time === undefined ? '' : `, not before ${time}`}`;
}

/** Other launches of the key must know for how long a sibling without a waiter is not abandoned. */
function specOf({ plan, waiting, request: { spec } }: Work): ContainerSpec {
  if (!plan.attach) return spec;
  const deadline = deadlineOf(plan);
  const isWatched = waiting.watched.length > 0;
  if (deadline === undefined && !isWatched) return spec;
  const latest = (deadline?.at.getTime() ?? Date.now()) + (isWatched ? plan.whenTimeoutMs : 0);
  return { ...spec, labels: { ...spec.labels, [label.startsAt]: new Date(latest).toISOString() } };
}

function deadlineOf({ start }: Plan): Deadline | undefined {
  // Counted from here on, as the image has been pulled now: the launch is to report its success before the deadline.
  const ms = 'at' in start ? start.at.getTime() - Date.now() : start.afterMs;
  return ms > 0 ? deadlineIn(ms) : undefined;
}

function now(): string {
  return new Date().toISOString();
}
