import type { Plan } from '../plan/plan.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** An engine that cannot remove what has ended leaves that to us, where we stay with it anyway. */
export function isRemovedByUs({ autoRemove, attach }: Plan, { features }: Runtime): boolean {
  return autoRemove && attach && features.autoRemove === false;
}
