import type { Plan } from '../plan/plan.ts';
import type { CreateRequest } from '../runtime/runtime.ts';
import { explain, type Explanation, type ExplainOptions } from './explain.ts';
import { prepare, type PrepareOptions } from './prepare.ts';

export interface PlannedLaunch {
  readonly explanation: Explanation;
  /** Holds values of variables. */
  readonly createRequest: CreateRequest;
}

export type PlanLaunchOptions = PrepareOptions & ExplainOptions;

/**
 * What a launch would do: everything is asked and checked as it would be, and nothing is made.
 * @throws OffshootError
 */
export async function planLaunch(plan: Plan, options: PlanLaunchOptions): Promise<PlannedLaunch> {
  const prepared = await prepare(plan, options);
  return { explanation: explain(prepared, options), createRequest: prepared.createRequest };
}
