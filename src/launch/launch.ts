import { unknownHere } from '../clone/left-out.ts';
import type { StageOptions } from '../events.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRecord, ContainerSpec, ImageRecord } from '../runtime/container.ts';
import { attached, followed } from './attach.ts';
import { type Deadline, deadlineIn, sleepUntil } from './clock.ts';
import { type Made, makeSibling, makeWaiter, type Tools } from './create.ts';
import { explain, type Explanation } from './explain.ts';
import { ensureImage } from './image.ts';
import { label } from './labels.ts';
import { openLedger } from './ledger.ts';
import type { LaunchOptions } from './options.ts';
import { prepare } from './prepare.ts';
import type { SiblingRequest } from './request.ts';
import type { LaunchResult } from './result.ts';
import { waiterSpec } from './waiter.ts';

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
  const prepared = await prepare(plan, options);
  if (plan.dryRun) return { exitStatus: 0, result: explain(prepared) };

  const { runtime, self, found } = prepared;
  const image = plan.image === 'self' && found !== undefined ? found : await ensureImage(plan, found, runtime, options);
  options.report({ level: 'debug', event: 'image', message: `${plan.image} is ${image.id}`, id: image.id });
  const request = image.id === found?.id ? prepared.request : prepared.requestFor(image);
  // Once more: what was pulled, and what it makes of the request, could not be judged before.
  prepared.guard.check(request, image);
  tell(request, prepared.notes, options);

  const ledger = openLedger(runtime, options.report);
  try {
    return await carryOut({ plan, self: self.record, image, request, runtime, ledger, options });
  } catch (error) {
    await ledger.undo(options.signal);
    throw error;
  }
}

function tell({ leftOut, powers }: SiblingRequest, notes: readonly string[], { report }: StageOptions): void {
  for (const { setting, reason } of leftOut) {
    const level = reason === unknownHere ? 'warn' : 'debug';
    report({ level, event: 'left-out', message: `not given to the sibling: ${setting}: ${reason}`, setting, reason });
  }
  for (const message of notes) report({ level: 'warn', event: 'warning', message });
  if (powers.length > 0) {
    report({
      level: 'warn',
      event: 'warning',
      message: `the sibling gets powerful things of ours: ${powers.join(', ')}`,
      powers,
    });
  }
}

interface Work extends Tools {
  readonly plan: Plan;
  readonly self: ContainerRecord;
  readonly image: ImageRecord;
  readonly request: SiblingRequest;
  readonly options: LaunchOptions;
}

async function carryOut(work: Work): Promise<Outcome> {
  const { plan, request, ledger, options } = work;
  const made = await makeSibling(specOf(work), plan.key !== undefined, work);
  if (made.by === 'another') return adopted(made, work);

  const result = resultOf(work, made.id);
  const deadline = deadlineOf(plan);
  if (plan.attach) {
    if (deadline !== undefined) await sleepUntil(deadline.uptimeMs, options.signal);
    const exitStatus = await attached(made.id, work);
    return { exitStatus, result: { ...result, startsAt: now() } };
  }
  if (deadline === undefined) {
    await ledger.start(made.id, options.signal);
    ledger.keep();
    return { exitStatus: 0, result: { ...result, startsAt: now() } };
  }
  const waiter = waiterSpec({ ...work, sibling: result, deadline, key: request.key });
  const id = await makeWaiter(waiter, work);
  await ledger.start(id, options.signal);
  ledger.keep();
  const startsAt = deadline.at.toISOString();
  options.report({ level: 'info', event: 'scheduled', message: `${result.name} starts at ${startsAt}`, id: made.id });
  return { exitStatus: 0, result: { ...result, startsAt, waiter: { id, name: waiter.name } } };
}

/** Other launches of the key must know for how long a sibling without a waiter is not abandoned. */
function specOf({ plan, request: { spec } }: Work): ContainerSpec {
  const deadline = plan.attach ? deadlineOf(plan) : undefined;
  if (deadline === undefined) return spec;
  return { ...spec, labels: { ...spec.labels, [label.startsAt]: deadline.at.toISOString() } };
}

/** Another launch of this key has made the sibling, and has started it or a waiter for it. */
async function adopted(made: Extract<Made, { by: 'another' }>, work: Work): Promise<Outcome> {
  const { plan, image, options } = work;
  const { sibling } = made;
  const message = `${sibling.name} was launched already with this key`;
  options.report({ level: 'info', event: 'existing', message, id: sibling.id });
  const waiter = made.is === 'scheduled' ? made.waiter : undefined;
  return {
    exitStatus: plan.attach ? await followed(sibling, work) : 0,
    result: {
      ...resultOf(work, sibling.id),
      name: sibling.name,
      // The request that had this key first may have been another one.
      image: sibling.image.reference,
      imageId: sibling.image.id,
      digest: sibling.image.id === image.id ? (image.digests[0] ?? null) : null,
      existing: true,
      startsAt: waiter?.labels[label.startsAt] ?? null,
      waiter: waiter === undefined ? null : { id: waiter.id, name: waiter.name },
    },
  };
}

function resultOf({ request, image, self }: Work, id: string): LaunchResult {
  return {
    id,
    name: request.spec.name,
    image: request.spec.image,
    imageId: image.id,
    digest: image.digests[0] ?? null,
    key: request.key,
    self: { id: self.id, name: self.name },
    startsAt: null,
    waiter: null,
    existing: false,
    leftOut: request.leftOut,
  };
}

function deadlineOf({ start }: Plan): Deadline | undefined {
  // Counted from here on, as the image has been pulled now: the launch is to report its success before the deadline.
  const ms = 'at' in start ? start.at.getTime() - Date.now() : start.afterMs;
  return ms > 0 ? deadlineIn(ms) : undefined;
}

function now(): string {
  return new Date().toISOString();
}
