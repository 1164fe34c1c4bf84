import type { Reporter } from './events.ts';
import { detectRuntime } from './runtime/detect.ts';
import { identifySelf, type Self } from './self/identify.ts';
import type { RuntimePreference } from './plan/variables.ts';

export * from './errors.ts';
export type { EventName, LogLevel, OffshootEvent, Reporter } from './events.ts';
export { type Clone, type CloneInput, type CloneRequest, cloneSettings } from './clone/clone.ts';
export type { LeftOut } from './clone/left-out.ts';
export type { Explanation } from './launch/explain.ts';
export { launch, type Outcome } from './launch/launch.ts';
export type { AttachedOutput, LaunchOptions } from './launch/options.ts';
export type { LaunchResult } from './launch/result.ts';
export { type Environment, parsePlan, type Plan, type PlanInput } from './plan/plan.ts';
export type * from './runtime/container.ts';
export { detectRuntime } from './runtime/detect.ts';
export type * from './runtime/runtime.ts';
export { identifySelf, type IdentifyOptions, type Self } from './self/identify.ts';

export interface InspectSelfOptions {
  /** `DOCKER_HOST` and its companions are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runtime?: RuntimePreference;
  /** Id or name of the container, where it is known; it is proved all the same. */
  readonly hint?: string;
  readonly signal?: AbortSignal;
  readonly report?: Reporter;
}

/**
 * The container that this process runs in, as its engine describes it, and the proof.
 * @throws EngineUnavailableError where no engine answers
 * @throws SelfNotFoundError where no container can be proved to be ours
 */
export async function inspectSelf(options: InspectSelfOptions): Promise<Self> {
  const { env, runtime = 'auto', hint, signal = new AbortController().signal, report = () => {} } = options;
  return identifySelf(await detectRuntime(runtime, env, { signal, report }), { signal, report, hint });
}
