import { ImageUnavailableError, OffshootError, TimeoutError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import { formatDuration } from '../plan/duration.ts';
import { type Credentials, credentialsFor } from '../registry/credentials.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Patience, usualPatience, withPatience } from './patience.ts';
import type { PullState } from './progress.ts';
import { pullOnce } from './try.ts';

export interface PullRequest {
  readonly image: string;
  readonly platform: string | undefined;
  readonly pullTimeoutMs: number;
}

export interface PullImageOptions extends StageOptions {
  /** `DOCKER_AUTH_CONFIG`, `DOCKER_CONFIG` and what a credential helper needs are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly patience?: Patience & { readonly stallMs?: number };
}

/**
 * Pulls an image, whatever it takes, within its time: with the login for its registry, again after what may pass, and
 * again when nothing moves.
 * @throws ImageUnavailableError, EngineUnavailableError, TimeoutError
 */
export async function pullImage(
  { image, platform, pullTimeoutMs }: PullRequest,
  runtime: Runtime,
  { env, signal, report, patience = usualPatience }: PullImageOptions,
): Promise<void> {
  const begin = performance.now();
  const limit = AbortSignal.timeout(pullTimeoutMs);
  const ended = AbortSignal.any([signal, limit]);
  const own = runtime.features.registryAuth === false;
  let last: unknown;
  let state: PullState | undefined;
  try {
    const login = own ? undefined : await credentialsFor(image, { env, signal: ended, report });
    report({ level: 'info', event: 'pull', message: `pulling ${image}`, image, phase: 'start', ...sourceOf(login) });
    const once = async (): Promise<void> => {
      try {
        await pullOnce(image, runtime, {
          signal: ended,
          platform,
          auth: login?.auth,
          stallMs: patience.stallMs ?? stallAfter(pullTimeoutMs),
          onState: (now) => {
            state = now;
            report(progressEvent(image, now));
          },
        });
      } catch (error) {
        if (!ended.aborted) last = error;
        throw login === undefined ? error : withLogin(error, login);
      }
    };
    const limits = { deadline: begin + pullTimeoutMs, limitName: 'OFFSHOOT_PULL_TIMEOUT' };
    await withPatience(once, { image, signal: ended, report, ...limits, ...patience });
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
    throw tookTooLong(image, pullTimeoutMs, last);
  }
  const took = formatDuration(Math.ceil((performance.now() - begin) / 1000) * 1000);
  const message = `pulled ${image} in ${took}${state === undefined ? '' : `: ${summaryOf(state)}`}`;
  report({ level: 'info', event: 'pull', message, image, phase: 'done', ...countsOf(state) });
}

/**
 * Engines tell of each MiB of a layer, and take three at a time: in a minute that is a link of half a megabit. Who has
 * a slower one needs more time for the whole as well, and is given more here.
 */
export function stallAfter(pullTimeoutMs: number): number {
  return Math.max(30_000, pullTimeoutMs / 15);
}

function tookTooLong(image: string, ms: number, last: unknown): TimeoutError {
  const before = last instanceof OffshootError ? `; the last try but one failed: ${last.message}` : '';
  const message = `the pull of ${image} took longer than ${formatDuration(ms)} (OFFSHOOT_PULL_TIMEOUT)${before}`;
  return new TimeoutError(message, { cause: last });
}

function sourceOf(login: Credentials | undefined): { registry?: string; login?: string | null } {
  return login === undefined ? {} : { registry: login.registry, login: login.source ?? null };
}

/** A refusal means something else with a login than without one. */
function withLogin(error: unknown, { registry, source, looked }: Credentials): unknown {
  if (!(error instanceof ImageUnavailableError) || error.reason !== 'denied') return error;
  const hint =
    source === undefined
      ? `No login for ${registry} was sent, as there is none in ${looked.join(', ')}. Is the name right?`
      : `The login for ${registry} from ${source} was refused: it has expired, or is not enough for this image.`;
  return new ImageUnavailableError(error.message, { reason: 'denied', hint, cause: error });
}

function progressEvent(image: string, state: PullState): Parameters<StageOptions['report']>[0] {
  const message = `pulling ${image}: ${summaryOf(state)}`;
  const parts = state.layers;
  return { level: 'info', event: 'pull', message, image, phase: 'progress', ...countsOf(state), parts };
}

function countsOf(state: PullState | undefined): object {
  if (state === undefined) return {};
  const { layers, present, complete, current, total } = state;
  return { layers: layers.length, present, complete, current, total };
}

function summaryOf({ layers, present, complete, current, total }: PullState): string {
  const unknown = layers.some(({ phase }) => phase === 'waiting') ? 'at least ' : '';
  const here = present === 0 ? '' : `, ${present} of them here before`;
  const bytes = `${mebibytes(current)} of ${unknown}${mebibytes(total)} MiB`;
  return `${complete} of ${layers.length} layers${here}, ${bytes}`;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
