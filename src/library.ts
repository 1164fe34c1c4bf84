import { readFileSync } from 'node:fs';
import type { StageOptions } from './events.ts';
import type { LaunchOptions } from './launch/options.ts';
import type { Outcome } from './launch/launch.ts';
import type { PlannedLaunch, PlanLaunchOptions } from './launch/plan-launch.ts';
import { type HostPath, hostPathOf } from './paths/host-path.ts';
import { readPathView } from './paths/view.ts';
import type { Environment } from './plan/input.ts';
import { parsePlan as parse, type Plan, type PlanInput } from './plan/plan.ts';
import type { RuntimePreference } from './plan/variables.ts';
import { detectRuntime as detect, type DetectOptions } from './runtime/detect.ts';
import type { Runtime } from './runtime/runtime.ts';
import { identifySelf, type Self } from './self/identify.ts';

/** The stages, for programs: with defaults for what a program need not care about. */

/** Without a signal nothing ends it from outside; without a reporter nobody hears of its progress. */
type Optional<Options extends StageOptions> = Omit<Options, keyof StageOptions> & Partial<StageOptions>;

export interface InspectSelfOptions extends Optional<DetectOptions> {
  /** `DOCKER_HOST` and its companions are read from it. */
  readonly env: Environment;
  /** Default `auto`. */
  readonly runtime?: RuntimePreference;
  /** Id or name of the container, where it is known; it is proved all the same. */
  readonly hint?: string;
}

/**
 * The container that this process runs in, as its engine describes it, and the proof.
 * @throws EngineUnavailableError where no engine answers
 * @throws SelfNotFoundError where no container can be proved to be ours
 */
export async function inspectSelf(options: InspectSelfOptions): Promise<Self> {
  const { env, runtime = 'auto', hint } = options;
  const stage = stageOptions(options);
  return identifySelf(await detect(runtime, env, { ...options, ...stage }), { ...stage, hint });
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

/**
 * The engine that is asked for, or the first that answers, in the order of docs/engines.md.
 * @param preference a runtime's name (`availableRuntimes`); `auto` or nothing: any
 * @param env `DOCKER_HOST` and its companions are read from it
 * @throws EngineUnavailableError with all that were asked, and why each was not taken
 * @throws NotSupportedError, InvalidArgumentError for a name that is not to be had
 */
export async function detectRuntime(
  preference: RuntimePreference | (string & {}),
  env: Environment,
  options: Optional<DetectOptions> = {},
): Promise<Runtime> {
  return detect(preference, env, { ...options, ...stageOptions(options) });
}

/**
 * A request in the words of the variables (`OFFSHOOT_IMAGE`, `OFFSHOOT_DELAY`, …), checked.
 * @throws InvalidRequestError with all that is wrong in it
 */
export function parsePlan(input: Omit<PlanInput, 'now' | 'readFile'> & Partial<PlanInput>): Plan {
  return parse({ now: new Date(), readFile: (path) => readFileSync(path, 'utf8'), ...input });
}

/**
 * Makes a sibling of the container that this process runs in.
 * @param options without `output`, that of an attached sibling is thrown away
 * @throws OffshootError; what was made has been undone
 */
export async function launch(
  plan: Plan,
  options: Optional<Omit<LaunchOptions, 'output'>> & Partial<LaunchOptions>,
): Promise<Outcome> {
  const output = { write: async () => {}, passSignals: () => {} };
  const { launch: stage } = await import('./launch/launch.ts');
  return stage(plan, { output, ...options, ...stageOptions(options) });
}

/**
 * What a launch would do: everything is asked and checked as it would be, and nothing is made.
 * @throws OffshootError
 */
export async function planLaunch(plan: Plan, options: Optional<PlanLaunchOptions>): Promise<PlannedLaunch> {
  const { planLaunch: stage } = await import('./launch/plan-launch.ts');
  return stage(plan, { ...options, ...stageOptions(options) });
}

function stageOptions({ signal, report }: Partial<StageOptions>): StageOptions {
  return { signal: signal ?? new AbortController().signal, report: report ?? (() => {}) };
}
