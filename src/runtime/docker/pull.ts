import * as z from 'zod';
import { ImageUnavailableError } from '../../errors.ts';
import { type ImageReference, parseReference } from '../../plan/reference.ts';
import type { PullProgress } from '../runtime.ts';
import type { Api, ApiResponse } from './api.ts';
import { jsonLines } from './json-lines.ts';
import { forbiddenHint, isForbidden } from './refusals.ts';

const line = z.looseObject({
  status: z.string().optional(),
  id: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).nullish(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
});

export interface PullOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
}

/**
 * Pulls, and tells the truth about it: the engine answers 200 before it has asked the registry anything, so a failure
 * arrives as a line of the stream, or as a stream that ends before the line that says that all is there.
 */
export async function pullImage(api: Api, reference: string, { signal, onProgress }: PullOptions): Promise<void> {
  const { repository, tag, digest } = partsOf(reference);
  const response = await api({
    method: 'POST',
    path: '/images/create',
    query: { fromImage: repository, tag: digest ?? tag ?? 'latest' },
    signal,
    // The engine may ask the registry before it answers.
    timeoutMs: Infinity,
  });
  if (response.status !== 200) throw await answerError(reference, response);

  let complete = false;
  try {
    for await (const value of jsonLines(response.stream())) {
      const { status = '', id, error, errorDetail, progressDetail } = line.parse(value);
      if (error !== undefined || errorDetail) {
        throw pullError(reference, error || errorDetail?.message || 'the engine does not say why');
      }
      if (status.startsWith('Status: ')) complete = true;
      onProgress?.({
        status,
        // There it is the tag.
        ...(id !== undefined && !status.startsWith('Pulling from ') && { layer: id }),
        ...(progressDetail?.current !== undefined && { current: progressDetail.current }),
        ...(progressDetail?.total !== undefined && { total: progressDetail.total }),
      });
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof ImageUnavailableError ? error : brokenOff(reference, error);
  }
  if (!complete) throw brokenOff(reference);
}

function partsOf(reference: string): ImageReference {
  try {
    return parseReference(reference);
  } catch (error) {
    throw new ImageUnavailableError(`${JSON.stringify(reference)} cannot be pulled: ${(error as Error).message}`);
  }
}

function brokenOff(reference: string, cause?: unknown): ImageUnavailableError {
  return new ImageUnavailableError(`the pull of ${reference} broke off before it was complete`, {
    cause,
    hint: 'Trying again may help.',
  });
}

async function answerError(reference: string, response: ApiResponse): Promise<ImageUnavailableError> {
  const words = await response.message();
  if (!isForbidden(response, words)) return pullError(reference, words);
  const { status, call } = response;
  return new ImageUnavailableError(`${reference} cannot be pulled: ${status} to ${call}: ${words}`, {
    hint: forbiddenHint,
  });
}

/** The registry's words, with the cause that they mean. */
function pullError(reference: string, message: string): ImageUnavailableError {
  const [, hint] = causes.find(([pattern]) => pattern.test(message)) ?? [];
  return new ImageUnavailableError(`${reference} cannot be pulled: ${message}`, { hint });
}

const causes: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/toomanyrequests|too many requests/i, 'The registry limits how often it is asked; try later or log in.'],
  [/no matching manifest|does not match the specified platform/i, 'There is no such image for this platform.'],
  [/no space left/i, 'The disk of the engine is full.'],
  [
    /verification failed|unexpected commit digest/i,
    'What the registry sends is not what its digest says: is there a broken proxy or mirror in between?',
  ],
  [
    /unauthorized|denied|forbidden|authentication required|no basic auth/i,
    'The registry does not give it to us: is the name right, and is a login needed?',
  ],
  [/manifest unknown|not found|does not exist/i, 'There is no such image or tag at the registry.'],
  [
    /no such host|dial tcp|i\/o timeout|connection refused|server misbehaving|failed to do request|TLS|x509/i,
    'The engine cannot reach the registry.',
  ],
  [/EOF|connection reset|\b5\d\d\b/, 'The registry or the way to it is in trouble; trying again may help.'],
];
