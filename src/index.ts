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
export {
  type ContainerdDaemon,
  containerdDaemon,
  type ContainerdDaemonOptions,
  type DaemonCallOptions,
} from './host/rootless-daemon.ts';
export { detectRootless, type Rootless, type RootlessMode } from './host/rootless.ts';
export { timezoneSpec, type TimezoneSpec } from './host/timezone.ts';
export type { Explanation } from './launch/explain.ts';
export type { Outcome } from './launch/launch.ts';
export type { ExplainedSetting } from './launch/origins.ts';
export type { PlannedLaunch } from './launch/plan-launch.ts';
export type { AttachedOutput, LaunchOptions } from './launch/options.ts';
export {
  detectRuntime,
  hostPath,
  inspectSelf,
  type InspectSelfOptions,
  launch,
  parsePlan,
  planLaunch,
} from './library.ts';
export type { LaunchResult } from './launch/result.ts';
export type { LaunchState, LaunchStatus } from './launch/status.ts';
export type { Condition } from './plan/conditions.ts';
export type { Environment, Plan, PlanInput } from './plan/plan.ts';
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
export type { DetectOptions } from './runtime/detect.ts';
export {
  availableRuntimes,
  registerRuntime,
  type RuntimeDescription,
  type RuntimeFactory,
} from './runtime/registry.ts';
export type * from './runtime/runtime.ts';
export { identifySelf, type IdentifyOptions, type Self } from './self/identify.ts';
