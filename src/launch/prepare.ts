import { EngineRefusedError, ImageUnavailableError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import { translateMounts } from '../paths/translate.ts';
import { readPathView } from '../paths/view.ts';
import type { Environment, Plan } from '../plan/plan.ts';
import type { Policy } from '../policy/policy.ts';
import type { ContainerRecord, ContainerSettings, ImageRecord } from '../runtime/container.ts';
import { detectRuntime } from '../runtime/detect.ts';
import type { CreateRequest, Runtime } from '../runtime/runtime.ts';
import { identifySelf, type Self } from '../self/identify.ts';
import { checkReadiness } from '../readiness/check.ts';
import { type Guard, guardOf, underPolicy } from './guard.ts';
import { isRemovedByUs } from './auto-remove.ts';
import { isForPlatform, localImage } from './image.ts';
import { checkReferences, goneContainers } from './references.ts';
import type { SiblingRequest } from './request.ts';
import { checkSources } from './sources.ts';
import { prepareWaiting, type Waiting } from './waiting.ts';

/** Everything that is known before an image is pulled or a container is made. */
export interface Prepared {
  readonly plan: Plan;
  readonly runtime: Runtime;
  readonly self: Self;
  readonly selfImage: ImageRecord | undefined;
  /** The image of the sibling, where it is on the engine. */
  readonly found: ImageRecord | undefined;
  readonly guard: Guard;
  /** What is asked for when the sibling is of that image. */
  requestFor(image: ImageRecord): SiblingRequest;
  /** As far as that can be told before the image is there. */
  readonly request: SiblingRequest;
  readonly createRequest: CreateRequest;
  readonly waiting: Waiting;
  /** What people should know of the mounts that they ask for. */
  readonly notes: readonly string[];
}

export interface PrepareOptions extends StageOptions {
  readonly env: Environment;
  /** What may be asked for at most. */
  readonly policy?: Policy | undefined;
}

/**
 * Finds the engine and self, and works out and checks the request: a mistake shows before a long pull.
 * @throws OffshootError
 */
export async function prepare(plan: Plan, options: PrepareOptions): Promise<Prepared> {
  return underPolicy(plan, options.policy, () => preparedFor(plan, options));
}

async function preparedFor(plan: Plan, options: PrepareOptions): Promise<Prepared> {
  const { namespace, host } = plan;
  const runtime = await detectRuntime(plan.runtime, options.env, { ...options, namespace, host });
  const isSelf = plan.image === 'self';
  const [self, foundImage] = await Promise.all([
    identifySelf(runtime, { ...options, hint: plan.self }),
    isSelf ? undefined : localImage(plan, runtime, options),
  ]);
  const { record } = self;
  const [selfImage, gone] = await Promise.all([
    foundImage?.id === record.image.id && plan.platform === undefined
      ? foundImage
      : ownImage(record, { isSelf, runtime, options }),
    goneContainers([record.settings, ...plan.networks.map(({ name }) => ({ networkMode: name }))], runtime, options),
  ]);
  const view = readPathView();
  const { mounts, notes } = translateMounts(plan.mounts, record, view, runtime.features);
  const guard = guardOf(plan, options.policy, record, runtime);
  const asked = isRemovedByUs(plan, runtime) ? { ...plan, autoRemove: false } : plan;
  const requestFor = (image: ImageRecord): SiblingRequest =>
    guard.request({ plan: asked, self: record, selfImage, image, mounts, gone, now: Date.now() });
  if (isSelf && selfImage !== undefined && !isForPlatform(selfImage, plan.platform))
    throw new ImageUnavailableError(`our own image is for ${selfImage.platform}, not for ${plan.platform}`, {
      reason: 'platform',
    });
  const found = isSelf ? (selfImage ?? { id: record.image.id, digests: [], config: undefined }) : foundImage;
  const request = requestFor(found ?? { id: '', digests: [], config: undefined });
  checkSources(request.spec, record, view);
  await checkReferences(request.spec, record, gone, runtime, options);
  const waiting = await prepareWaiting(plan, { self: record, runtime, view, gone }, options);
  const createRequest = runtime.createRequest(request.spec);
  if (found !== undefined) checkReadiness(plan.ready, finalSettings(request, createRequest), found, runtime);
  return { plan, runtime, self, selfImage, found, guard, requestFor, request, createRequest, waiting, notes };
}

/** As an override has left them. */
export function finalSettings({ spec }: SiblingRequest, { overridden }: CreateRequest): ContainerSettings {
  return overridden?.settings ?? spec;
}

interface OwnImageInput {
  /** Is the sibling of that image too? Then it can do without what the image says of itself. */
  readonly isSelf: boolean;
  readonly runtime: Runtime;
  readonly options: StageOptions;
}

async function ownImage(
  { image }: ContainerRecord,
  { isSelf, runtime, options }: OwnImageInput,
): Promise<ImageRecord | undefined> {
  try {
    return await runtime.inspectImage(image.id, { signal: options.signal });
  } catch (error) {
    if (!isSelf || !(error instanceof EngineRefusedError)) throw error;
    options.report({ level: 'warn', event: 'warning', message: `${error.message}; it is launched all the same` });
    return undefined;
  }
}
