import * as z from 'zod';
import { EngineUnavailableError, ImageUnavailableError, OffshootError } from '../../../errors.ts';
import { type ImageReference, parseReference } from '../../../plan/reference.ts';
import { pullError } from '../../pull-failure.ts';
import type { Call } from '../../adapter.ts';
import type { LayerPhase, PullOptions, PullProgress, RegistryAuth } from '../../runtime.ts';
import type { Api, ApiResponse } from '../wire/api.ts';
import { jsonLines } from '../wire/json-lines.ts';
import { forbiddenHint, isForbidden } from '../wire/refusals.ts';

const line = z.looseObject({
  status: z.string().optional(),
  id: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).nullish(),
  progressDetail: z
    .object({ current: z.number().optional(), total: z.number().optional(), units: z.string().optional() })
    .nullish(),
});
type Line = z.output<typeof line>;

/**
 * Pulls, and tells the truth about it: the engine answers 200 before it has asked the registry anything, so a failure
 * arrives as a line of the stream, or as a stream that ends before the line that says that all is there.
 */
export async function pullImage(
  api: Api,
  reference: string,
  { signal, onProgress, platform, auth }: PullOptions & Call,
  lastLine: RegExp = lastOfDocker,
): Promise<void> {
  const { repository, tag, digest } = partsOf(reference);
  const response = await api({
    method: 'POST',
    path: '/images/create',
    query: { fromImage: repository, tag: digest ?? tag ?? 'latest', ...(platform !== undefined && { platform }) },
    ...(auth !== undefined && { headers: { 'X-Registry-Auth': encodeAuth(auth) } }),
    signal,
    // The engine may ask the registry before it answers.
    timeoutMs: Infinity,
  });
  if (response.status !== 200) throw await answerError(reference, response);

  let complete = false;
  try {
    for await (const value of jsonLines(response.stream())) {
      const said = line.parse(value);
      if (said.error !== undefined || said.errorDetail) {
        throw pullError(reference, said.error || said.errorDetail?.message || 'the engine does not say why');
      }
      // A warning comes after it.
      complete = lastLine.test(said.status ?? '') || (complete && said.status?.startsWith('WARNING: ') === true);
      onProgress?.(progressOf(said));
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const isOurs = error instanceof OffshootError && !(error instanceof EngineUnavailableError);
    throw isOurs ? error : brokenOff(reference, error);
  }
  if (!complete) throw brokenOff(reference);
}

const lastOfDocker = /^Status: /;
/** It is about the image, by the beginning of its id, and looks like that of a layer. */
export const lastOfPodman: RegExp = /^Download complete$/;

function progressOf({ status = '', id, progressDetail }: Line): PullProgress {
  // There it is the tag.
  if (id === undefined || status.startsWith('Pulling from ')) return { status };
  const phase = phases.find(([words]) => words.test(status))?.[1];
  // While it unpacks, Docker with containerd's store counts seconds.
  const { current, total } = progressDetail?.units === undefined ? (progressDetail ?? {}) : {};
  return {
    layer: id,
    status,
    ...(phase !== undefined && { phase }),
    ...(current !== undefined && { current }),
    ...(total !== undefined && { total }),
  };
}

const phases: readonly (readonly [status: RegExp, phase: LayerPhase])[] = [
  [/^(?:Pulling fs layer|Waiting)/, 'waiting'],
  [/^(?:Downloading|Retrying)/, 'downloading'],
  [/^(?:Verifying Checksum|Download complete)/, 'downloaded'],
  [/^Extracting/, 'extracting'],
  [/^Already exists/, 'present'],
  [/^Pull complete/, 'complete'],
];

/** URL-safe base64 with its padding: engines take no notice of a login without it. */
function encodeAuth({ serverAddress, username, password, identityToken, registryToken }: RegistryAuth): string {
  const words = {
    username,
    password,
    serveraddress: serverAddress,
    identitytoken: identityToken,
    registrytoken: registryToken,
  };
  return Buffer.from(JSON.stringify(words)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
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
    reason: 'broken',
    temporary: true,
    hint: 'Trying again may help.',
    cause,
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
