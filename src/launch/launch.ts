import { NameTakenError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRecord, ImageRecord } from '../runtime/container.ts';
import { detectRuntime } from '../runtime/detect.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { identifySelf, type Self } from '../self/identify.ts';
import { attached } from './attach.ts';
import { bootId, type Deadline, deadlineIn, sleepUntil } from './clock.ts';
import { explain, type Explanation } from './explain.ts';
import { ensureImage } from './image.ts';
import { label } from './labels.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { type SiblingRequest, siblingRequest } from './request.ts';
import type { LaunchOptions } from './options.ts';
import type { LaunchResult } from './result.ts';
import { waiterSpec } from './waiter.ts';
import { waiterName } from './key.ts';

export interface Outcome {
  readonly exitStatus: number;
  readonly result: LaunchResult | Explanation;
}

/**
 * Makes the sibling that the plan asks for: at once, or by a waiter at its time. Whatever fails or is cancelled is
 * undone.
 * @throws OffshootError
 */
export async function launch(plan: Plan, options: LaunchOptions): Promise<Outcome> {
  const runtime = await detectRuntime(plan.runtime, options.env, options);
  const isSelf = plan.image === 'self';
  const [self, found] = await Promise.all([
    identifySelf(runtime, { ...options, hint: plan.self }),
    isSelf ? undefined : runtime.inspectImage(plan.image, options),
  ]);
  if (plan.dryRun) return explained(plan, self, found, runtime, options);

  const [selfImage, other] = await Promise.all([
    found?.id === self.record.image.id ? found : runtime.inspectImage(self.record.image.id, options),
    isSelf ? undefined : ensureImage(plan, found, runtime, options),
  ]);
  const image = other ?? selfImage ?? { id: self.record.image.id, digests: [], config: undefined };
  options.report({ level: 'debug', event: 'image', message: `${plan.image} is ${image.id}`, id: image.id });
  const request = siblingRequest({ plan, self: self.record, selfImage, image });
  tell(request, options);

  const ledger = openLedger(runtime, options.report);
  try {
    return await carryOut({ plan, self: self.record, image, request, runtime, ledger, options });
  } catch (error) {
    await ledger.undo();
    throw error;
  }
}

async function explained(
  plan: Plan,
  self: Self,
  found: ImageRecord | undefined,
  runtime: Runtime,
  options: LaunchOptions,
): Promise<Outcome> {
  const selfImage = await runtime.inspectImage(self.record.image.id, options);
  const image = (plan.image === 'self' ? selfImage : found) ?? { id: '', digests: [], config: undefined };
  const request = siblingRequest({ plan, self: self.record, selfImage, image });
  return { exitStatus: 0, result: explain({ plan, self, request, imageIsHere: image.id !== '' }) };
}

function tell({ leftOut, powers }: SiblingRequest, { report }: StageOptions): void {
  for (const { setting, reason } of leftOut) {
    const level = reason.includes('this version') ? 'warn' : 'debug';
    report({ level, event: 'left-out', message: `not given to the sibling: ${setting}: ${reason}`, setting, reason });
  }
  if (powers.length > 0) {
    report({
      level: 'warn',
      event: 'warning',
      message: `the sibling gets powerful things of ours: ${powers.join(', ')}`,
      powers,
    });
  }
}

interface Work {
  readonly plan: Plan;
  readonly self: ContainerRecord;
  readonly image: ImageRecord;
  readonly request: SiblingRequest;
  readonly runtime: Runtime;
  readonly ledger: Ledger;
  readonly options: LaunchOptions;
}

async function carryOut(work: Work): Promise<Outcome> {
  const { plan, request, runtime, ledger, options } = work;
  const { id, existing } = await createOrAdopt(work);
  const result: LaunchResult = {
    id,
    name: request.spec.name,
    image: request.spec.image,
    imageId: work.image.id,
    digest: work.image.digests[0] ?? null,
    key: request.key,
    self: { id: work.self.id, name: work.self.name },
    startsAt: null,
    waiter: null,
    existing: existing !== undefined,
    leftOut: request.leftOut,
  };
  if (existing?.state.everStarted) {
    options.report({
      level: 'info',
      event: 'existing',
      message: `${existing.name} was launched already with this key`,
      id,
    });
    return { exitStatus: 0, result: { ...result, name: existing.name } };
  }

  const deadline = deadlineOf(plan);
  if (plan.attach) {
    if (deadline !== undefined) await sleepUntil(deadline.uptimeMs, options.signal);
    const exitStatus = await attached(id, runtime, ledger, options);
    return { exitStatus, result: { ...result, startsAt: now() } };
  }
  if (deadline === undefined) {
    await ledger.start(id, options.signal);
    ledger.keep();
    return { exitStatus: 0, result: { ...result, startsAt: now() } };
  }
  const waiter = await startWaiter(work, { id, name: result.name }, deadline);
  ledger.keep();
  options.report({ level: 'info', event: 'scheduled', message: `${result.name} starts at ${waiter.startsAt}`, id });
  return {
    exitStatus: 0,
    result: { ...result, startsAt: waiter.startsAt, waiter: { id: waiter.id, name: waiter.name } },
  };
}

/** The sibling of this key: created now, or by another launch of it. */
async function createOrAdopt({
  plan,
  request,
  runtime,
  ledger,
  options,
}: Work): Promise<{ id: string; existing?: ContainerRecord }> {
  const { spec, key } = request;
  // With a key and a name of the user's own, the same key can come with another name.
  if (plan.key !== undefined && plan.name !== undefined) {
    const labels = { [label.role]: 'sibling', [label.key]: key };
    const [same] = await runtime.list({ labels, signal: options.signal });
    const existing = same && (await runtime.inspect(same.id, options));
    if (existing) return { id: existing.id, existing };
  }
  try {
    return { id: await ledger.create(spec, options.signal) };
  } catch (error) {
    if (!(error instanceof NameTakenError)) throw error;
    const existing = await holderOf(spec.name, key, 'sibling', runtime, options);
    if (existing === undefined) throw error;
    return { id: existing.id, existing };
  }
}

/** The container that has the name, when it is of this key and of that role. */
async function holderOf(
  name: string,
  key: string,
  role: 'sibling' | 'waiter',
  runtime: Runtime,
  { signal }: StageOptions,
): Promise<ContainerRecord | undefined> {
  const record = await runtime.inspect(name, { signal });
  return record?.labels[label.key] === key && record.labels[label.role] === role ? record : undefined;
}

interface RunningWaiter {
  readonly id: string;
  readonly name: string;
  readonly startsAt: string;
}

async function startWaiter(
  { self, request, runtime, ledger, options }: Work,
  sibling: { id: string; name: string },
  deadline: Deadline,
): Promise<RunningWaiter> {
  const spec = waiterSpec({ sibling, deadline, key: request.key, self, runtime });
  try {
    const id = await ledger.create(spec, options.signal);
    await ledger.start(id, options.signal);
    return { id, name: spec.name, startsAt: deadline.at.toISOString() };
  } catch (error) {
    if (!(error instanceof NameTakenError)) throw error;
    const existing = await holderOf(waiterName(sibling.name), request.key, 'waiter', runtime, options);
    if (existing === undefined || existing.labels[label.bootId] !== bootId()) throw error;
    // Another launch of this key has made it, and may have been killed before it started it.
    await runtime.start(existing.id, options);
    return {
      id: existing.id,
      name: existing.name,
      startsAt: existing.labels[label.startsAt] ?? deadline.at.toISOString(),
    };
  }
}

function deadlineOf({ start }: Plan): Deadline | undefined {
  // Counted from here on, as the image has been pulled now: the launch is to report its success before the deadline.
  const ms = 'at' in start ? start.at.getTime() - Date.now() : start.afterMs;
  return ms > 0 ? deadlineIn(ms) : undefined;
}

function now(): string {
  return new Date().toISOString();
}
