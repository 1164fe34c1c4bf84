import { ImageUnavailableError } from '../errors.ts';
import { isImageId } from '../plan/reference.ts';
import type { Plan } from '../plan/plan.ts';
import { isFor } from '../pull/platform.ts';
import { pullImage, type PullImageOptions } from '../pull/pull.ts';
import type { ImageRecord } from '../runtime/container.ts';
import type { CallOptions, Runtime } from '../runtime/runtime.ts';

type ImageRequest = Pick<Plan, 'image' | 'platform' | 'pull' | 'pullTimeoutMs'>;

/** The image where it is on the engine, for the platform that is asked for. */
export async function localImage(
  { image, platform }: Pick<Plan, 'image' | 'platform'>,
  runtime: Runtime,
  { signal }: CallOptions,
): Promise<ImageRecord | undefined> {
  const found = await runtime.inspectImage(image, { platform, signal });
  return found !== undefined && isForPlatform(found, platform) ? found : undefined;
}

/** Where an engine does not tell, it is left to it. */
export function isForPlatform(image: ImageRecord, platform: string | undefined): boolean {
  return platform === undefined || image.platform === undefined || isFor(image.platform, platform);
}

/**
 * The image, on the engine: as it was found there, or pulled.
 * @throws ImageUnavailableError, EngineUnavailableError, TimeoutError
 */
export async function ensureImage(
  request: ImageRequest,
  found: ImageRecord | undefined,
  runtime: Runtime,
  options: PullImageOptions,
): Promise<ImageRecord> {
  const { image, pull } = request;
  if (found !== undefined && pull !== 'always') return found;
  const isId = isImageId(image) || isShortIdOf(image, found);
  if (isId && found !== undefined) return found;
  if (isId || pull === 'never') throw await notHere(request, isId, runtime, options);
  try {
    await pullImage(request, runtime, options);
  } catch (error) {
    throw found === undefined ? error : withOlder(error);
  }
  const pulled = await localImage(request, runtime, options);
  if (pulled === undefined) throw await notPulled(request, runtime, options);
  return pulled;
}

/** With `always`, the beginning of an id would be taken for the name of an image of somebody's. */
function isShortIdOf(image: string, found: ImageRecord | undefined): boolean {
  return /^[0-9a-f]{12,}$/.test(image) && found?.id.startsWith(`sha256:${image}`) === true;
}

async function notHere(
  { image, platform }: ImageRequest,
  isId: boolean,
  runtime: Runtime,
  options: CallOptions,
): Promise<ImageUnavailableError> {
  const why = isId ? 'an id cannot be pulled' : 'it may not be pulled (OFFSHOOT_PULL=never)';
  const other = platform === undefined ? undefined : await runtime.inspectImage(image, { signal: options.signal });
  if (other === undefined)
    return new ImageUnavailableError(`${image} is not on the engine, and ${why}`, { reason: 'not-found' });
  const message = `${image} is on the engine${forWhich(other)}, not for ${platform}, and ${why}`;
  return new ImageUnavailableError(message, { reason: 'platform' });
}

/** A registry that has one image for all platforms gives that, and the engine calls it a success. */
async function notPulled(
  { image, platform }: ImageRequest,
  runtime: Runtime,
  { signal }: CallOptions,
): Promise<ImageUnavailableError> {
  const other = platform === undefined ? undefined : await runtime.inspectImage(image, { signal });
  if (platform === undefined || other === undefined)
    return new ImageUnavailableError(`${image} was pulled, but it is not on the engine`, { reason: 'broken' });
  return new ImageUnavailableError(`${image} is there${forWhich(other)}, not for ${platform}`, {
    reason: 'platform',
    hint: 'There is no such image for this platform (OFFSHOOT_PLATFORM).',
  });
}

function forWhich({ platform }: ImageRecord): string {
  return platform === undefined ? '' : ` for ${platform}`;
}

/** Never taken without a word: whoever asks for the newest is told that it is not to be had. */
function withOlder(error: unknown): unknown {
  if (!(error instanceof ImageUnavailableError)) return error;
  const { message, reason, temporary, retryAfterMs, hint } = error;
  const older = 'The engine has an older one, which OFFSHOOT_PULL=missing takes.';
  const both = [hint, older].filter((text) => text !== undefined).join(' ');
  return new ImageUnavailableError(message, { reason, temporary, retryAfterMs, hint: both, cause: error });
}
