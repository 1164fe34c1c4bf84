import { ImageUnavailableError } from '../errors.ts';
import { formatDuration } from '../plan/duration.ts';
import type { PullOptions, PullProgress, Runtime } from '../runtime/runtime.ts';
import { type PullState, trackLayers } from './progress.ts';

export interface TryOptions extends Pick<PullOptions, 'platform' | 'auth'> {
  readonly signal: AbortSignal;
  /** For so long no byte may move while we wait for some. */
  readonly stallMs: number;
  readonly onState: (state: PullState) => void;
}

/** How far it is, for a list of layers that changes a hundred times a second. */
const stateEveryMs = 100;

/**
 * One try, which is given up when it stands still: an engine waits for a registry for ever.
 * @throws what the runtime's `pull` throws
 */
export async function pullOnce(image: string, runtime: Runtime, options: TryOptions): Promise<void> {
  const { signal, platform, auth, stallMs, onState } = options;
  const layers = trackLayers();
  const still = new AbortController();
  const watch = setInterval(() => {
    // What it unpacks, it may be silent about; and some are about everything.
    if (runtime.features.pullProgress !== false && layers.waitsForBytes()) still.abort(stoodStill(image, stallMs));
  }, stallMs);
  let told = -Infinity;
  let owed: NodeJS.Timeout | undefined;
  const tell = (): void => {
    owed = undefined;
    told = performance.now();
    onState(layers.state());
  };
  const onProgress = (progress: PullProgress): void => {
    if (!layers.step(progress)) return;
    watch.refresh();
    // Also the last of many: nothing more may come of a slow link for minutes.
    owed ??= setTimeout(tell, Math.max(0, told + stateEveryMs - performance.now()));
  };
  try {
    await runtime.pull(image, { signal: AbortSignal.any([signal, still.signal]), platform, auth, onProgress });
    onState(layers.state());
  } finally {
    clearTimeout(owed);
    clearInterval(watch);
  }
}

function stoodStill(image: string, ms: number): ImageUnavailableError {
  return new ImageUnavailableError(`the pull of ${image} stood still for ${formatDuration(ms)}`, {
    reason: 'network',
    temporary: true,
    hint: 'The registry, or the way to it, does not answer. Where it is only slow, give it more time (OFFSHOOT_PULL_TIMEOUT).',
  });
}
