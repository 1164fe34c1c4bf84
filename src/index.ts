import type { Reporter } from './events.ts';
import { type HostPath, hostPathOf } from './paths/host-path.ts';
import { readPathView } from './paths/view.ts';
import { detectRuntime } from './runtime/detect.ts';
import { identifySelf, type Self } from './self/identify.ts';
import type { RuntimePreference } from './plan/variables.ts';

export * from './errors.ts';
export type { EventName, LogLevel, OffshootEvent, Reporter } from './events.ts';
export { type Clone, cloneSettings } from './clone/clone.ts';
export type { CloneInput, CloneRequest, NetworkAddition } from './clone/context.ts';
export type { LeftOut } from './clone/left-out.ts';
export {
  type ContainerdAddress,
  type ContainerdAddressOptions,
  resolveContainerdAddress,
} from './host/containerd-address.ts';
export { type DockerHost, type DockerHostOptions, resolveDockerHost } from './host/docker-host.ts';
export { type HostView, readHost } from './host/host-view.ts';
export { normalizeImageRef } from './host/image-ref.ts';
export { resolvConfSource } from './host/resolv-conf.ts';
export { detectRootless, type Rootless, type RootlessMode } from './host/rootless.ts';
export { timezoneSpec, type TimezoneSpec } from './host/timezone.ts';
export type { Explanation } from './launch/explain.ts';
export { launch, type Outcome } from './launch/launch.ts';
export type { ExplainedSetting } from './launch/origins.ts';
export { planLaunch, type PlannedLaunch } from './launch/plan-launch.ts';
export type { AttachedOutput, LaunchOptions } from './launch/options.ts';
export type { LaunchResult } from './launch/result.ts';
export type { LaunchState, LaunchStatus } from './launch/status.ts';
export type { Condition } from './plan/conditions.ts';
export { type Environment, parsePlan, type Plan, type PlanInput } from './plan/plan.ts';
export { inheritedByDefault } from './policy/inheritance.ts';
export { loadPolicy, policyFile } from './policy/load.ts';
export { parsePolicy, type Policy } from './policy/policy.ts';
export type { Readiness } from './plan/readiness.ts';
export type * from './runtime/container.ts';
export { type HostPath, hostPathOf } from './paths/host-path.ts';
export type { PathView } from './paths/places.ts';
export { readPathView } from './paths/view.ts';
export type { Adapter } from './runtime/adapter.ts';
export { type BasicAdapter, completed } from './runtime/complete.ts';
export { type DetectOptions, detectRuntime } from './runtime/detect.ts';
export {
  availableRuntimes,
  registerRuntime,
  type RuntimeDescription,
  type RuntimeFactory,
} from './runtime/registry.ts';
export type * from './runtime/runtime.ts';
export { identifySelf, type IdentifyOptions, type Self } from './self/identify.ts';

export interface InspectSelfOptions {
  /** `DOCKER_HOST` and its companions are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runtime?: RuntimePreference;
  /** Of containerd; without it self's own, else `default`. */
  readonly namespace?: string;
  /** Is nerdctl run on the host of our container? */
  readonly host?: 'auto' | 'always' | 'never';
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
  const { env, runtime = 'auto', namespace, host, hint } = options;
  const { signal = new AbortController().signal, report = () => {} } = options;
  const found = await detectRuntime(runtime, env, { signal, report, namespace, host });
  return identifySelf(found, { signal, report, hint });
}

/**
 * What another container has to mount to have a path of ours: a folder of the engine's host, or a volume and a path
 * in it. The path may be relative to our working directory.
 * @throws what `inspectSelf` throws
 * @throws InvalidRequestError where the path is not of the host, with the way out
 */
export async function hostPath(path: string, options: InspectSelfOptions): Promise<HostPath> {
  const { record } = await inspectSelf(options);
  return hostPathOf(path, record, readPathView());
}
