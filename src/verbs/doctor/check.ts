import { describeError, exitStatusOf, OffshootError } from '../../errors.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Environment } from '../../plan/input.ts';
import type { FindingSelf } from '../../plan/finding-self.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Self } from '../../self/identify.ts';

/** What a check has found. */
export interface Finding {
  /** `skipped`: there is nothing to look at, or what it rests on is a problem. */
  readonly outcome: 'ok' | 'warning' | 'problem' | 'skipped';
  /** What is, for people. */
  readonly says: string;
  /** How to mend it. */
  readonly mend?: string | undefined;
  /** That a launch would end with. */
  readonly exitStatus?: number;
}

export interface Check {
  readonly name: string;
  /** Why it matters. */
  readonly why: string;
  look(scene: Scene): Promise<Finding>;
}

/** What checks look at; each part is found once, and rejects as often as it is asked for. */
export interface Scene {
  readonly env: Environment;
  readonly asked: FindingSelf;
  readonly signal: AbortSignal;
  policy(): Promise<Policy | undefined>;
  /** What the variables ask for; `undefined`: nothing. */
  plan(): Promise<Plan | undefined>;
  runtime(): Promise<Runtime>;
  self(): Promise<Self>;
}

export const ok = (says: string): Finding => ({ outcome: 'ok', says });
export const skipped = (says: string): Finding => ({ outcome: 'skipped', says });
export const warning = (says: string, mend?: string): Finding => ({ outcome: 'warning', says, mend });

export function problem(error: unknown): Finding {
  if (!(error instanceof OffshootError)) return { outcome: 'problem', says: describeError(error), exitStatus: 70 };
  return { outcome: 'problem', says: error.message, mend: error.hint, exitStatus: exitStatusOf(error) };
}

/** A check that rests on what an earlier one has found missing says nothing new. */
export async function resting<T>(on: Promise<T>, look: (value: T) => Promise<Finding>): Promise<Finding> {
  let value;
  try {
    value = await on;
  } catch {
    return skipped('it rests on what is missing above');
  }
  return look(value);
}
