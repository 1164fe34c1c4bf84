import { unknownHere } from '../clone/left-out.ts';
import type { StageOptions } from '../events.ts';
import type { Plan } from '../plan/plan.ts';
import { checkReadiness } from '../readiness/check.ts';
import { carryOut } from './carry-out.ts';
import { explain } from './explain.ts';
import { ensureImage } from './image.ts';
import { openLedger } from './ledger.ts';
import { clearLeftovers } from './leftovers.ts';
import type { LaunchOptions } from './options.ts';
import { finalSettings, prepare } from './prepare.ts';
import type { SiblingRequest } from './request.ts';
import { type StatusFile, statusFile } from './status.ts';
import type { Outcome } from './work.ts';

export type { Outcome } from './work.ts';

/**
 * Makes the sibling that the plan asks for: at once, or by a waiter at its time and when its conditions hold. Whatever
 * fails or is cancelled is undone; a sibling that was started and is not ready is kept.
 * @throws OffshootError
 */
export async function launch(plan: Plan, options: LaunchOptions): Promise<Outcome> {
  const status = statusFile(plan.dryRun ? undefined : plan.statusFile, options.report);
  try {
    return await launchTelling(status, plan, options);
  } catch (error) {
    status.tellFailure(error);
    throw error;
  }
}

async function launchTelling(status: StatusFile, plan: Plan, options: LaunchOptions): Promise<Outcome> {
  const prepared = await prepare(plan, options);
  if (plan.dryRun) return { exitStatus: 0, result: explain(prepared) };

  const { runtime, self, found, waiting } = prepared;
  const image = plan.image === 'self' && found !== undefined ? found : await ensureImage(plan, found, runtime, options);
  options.report({ level: 'debug', event: 'image', message: `${plan.image} is ${image.id}`, id: image.id });
  const isKnown = image.id === found?.id;
  const request = isKnown ? prepared.request : prepared.requestFor(image);
  const createRequest = isKnown ? prepared.createRequest : runtime.createRequest(request.spec);
  const settings = finalSettings(request, createRequest);
  // Once more: what was pulled, and what it makes of the request, could not be judged before.
  prepared.guard.check(request, image);
  checkReadiness(plan.ready, settings, image, runtime);
  tell(request, prepared.notes, options);

  const leftovers = clearLeftovers(self.record, runtime, options);
  const ledger = openLedger(runtime, options.report);
  try {
    return await carryOut({
      plan,
      self: self.record,
      image,
      request,
      settings,
      waiting,
      status,
      runtime,
      ledger,
      options,
    });
  } catch (error) {
    await ledger.undo(options.signal);
    throw error;
  } finally {
    await leftovers;
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
