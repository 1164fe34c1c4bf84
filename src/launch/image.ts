import { ImageUnavailableError, TimeoutError } from '../errors.ts';
import type { Reporter, StageOptions } from '../events.ts';
import { formatDuration } from '../plan/duration.ts';
import type { Plan } from '../plan/plan.ts';
import { isImageId } from '../plan/reference.ts';
import type { ImageRecord } from '../runtime/container.ts';
import type { PullProgress, Runtime } from '../runtime/runtime.ts';

type PullRequest = Pick<Plan, 'image' | 'pull' | 'pullTimeoutMs'>;

/**
 * The image, on the engine: as it was found there, or pulled.
 * @throws ImageUnavailableError, TimeoutError
 */
export async function ensureImage(
  { image, pull, pullTimeoutMs }: PullRequest,
  found: ImageRecord | undefined,
  runtime: Runtime,
  { signal, report }: StageOptions,
): Promise<ImageRecord> {
  if (found !== undefined && pull !== 'always') return found;
  if (isImageId(image)) {
    if (found !== undefined) return found;
    throw new ImageUnavailableError(`${image} is not on the engine, and an id cannot be pulled`);
  }
  if (pull === 'never') {
    throw new ImageUnavailableError(`${image} is not on the engine, and it may not be pulled (OFFSHOOT_PULL=never)`);
  }
  const limit = AbortSignal.timeout(pullTimeoutMs);
  report({ level: 'info', event: 'pull', message: `pulling ${image}`, image });
  try {
    await runtime.pull(image, {
      signal: AbortSignal.any([signal, limit]),
      onProgress: progressReporter(image, report),
    });
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
    throw new TimeoutError(
      `the pull of ${image} took longer than ${formatDuration(pullTimeoutMs)} (OFFSHOOT_PULL_TIMEOUT)`,
    );
  }
  const pulled = await runtime.inspectImage(image, { signal });
  if (pulled === undefined) throw new ImageUnavailableError(`${image} was pulled, but it is not on the engine`);
  return pulled;
}

const quietMs = 5_000;

/** A pull says a hundred things a second; a log gets one line in five seconds. */
function progressReporter(image: string, report: Reporter): (progress: PullProgress) => void {
  const layers = new Map<string, PullProgress>();
  let last = performance.now();
  return (progress) => {
    if (progress.layer !== undefined) layers.set(progress.layer, furthest(layers.get(progress.layer), progress));
    if (performance.now() - last < quietMs) return;
    last = performance.now();
    const sum = (field: 'current' | 'total'): number =>
      [...layers.values()].reduce((total, layer) => total + (layer[field] ?? 0), 0);
    const [current, total] = [sum('current'), sum('total')];
    const message = `pulling ${image}: ${layers.size} layers, ${mebibytes(current)} of ${mebibytes(total)} MiB`;
    report({ level: 'info', event: 'pull', message, image, layers: layers.size, current, total });
  };
}

/** What was transferred stays so: a layer is unpacked from its first byte again, and a ready one has no numbers. */
function furthest(before: PullProgress | undefined, { status, current, total }: PullProgress): PullProgress {
  const size = total ?? before?.total ?? 0;
  const now = current ?? (total === undefined ? size : 0); // none of so many bytes: then there is no number either
  return { status, current: Math.max(before?.current ?? 0, now), total: size };
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
