import * as z from 'zod';
import { EngineUnavailableError, TimeoutError } from '../../../errors.ts';
import type { Api, ApiResponse } from '../wire/api.ts';
import { type Endpoint, formatEndpoint } from '../wire/endpoint.ts';
import { explainFailure } from '../wire/failures.ts';
import { isForbidden } from '../wire/refusals.ts';

/** Who answers, and in which versions of the API. */
export interface Greeting {
  readonly isPodman: boolean;
  readonly engineVersion: string;
  readonly apiVersion: string;
  /** `undefined` where it was not asked for. */
  readonly oldestApiVersion: string | undefined;
}

/** An engine that accepts and never answers is given up before a user loses patience. */
const answerTimeoutMs = 4_000;

/**
 * The headers of a ping tell enough of most engines; Podman asks its host's package manager before it tells its
 * version, which takes a fifth of a second. What they do not tell is asked for.
 * @throws EngineUnavailableError, InvalidRequestError
 */
export async function greet(
  api: Api,
  endpoint: Endpoint,
  signal: AbortSignal,
  isEnough: (greeting: Greeting) => boolean,
): Promise<Greeting> {
  try {
    const greeting = await ping(api, signal);
    return greeting !== undefined && isEnough(greeting) ? greeting : await askVersion(api, endpoint, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    throw explainFailure(error, endpoint, answerTimeoutMs);
  }
}

async function ping(api: Api, signal: AbortSignal): Promise<Greeting | undefined> {
  try {
    const response = await api({ method: 'GET', path: '/_ping', signal, timeoutMs: answerTimeoutMs });
    const said = apiVersion.safeParse(response.header('api-version'));
    const [, name, engineVersion] = /^(Docker|Libpod)\/(\S+)/.exec(response.header('server') ?? '') ?? [];
    await response.discard();
    if (response.status !== 200 || !said.success || engineVersion === undefined) return undefined;
    return { isPodman: name === 'Libpod', engineVersion, apiVersion: said.data, oldestApiVersion: undefined };
  } catch (error) {
    // Whatever else is wrong, the next request tells in its own words.
    if (signal.aborted || error instanceof TimeoutError) throw error;
    return undefined;
  }
}

const apiVersion = z.string().regex(/^\d+\.\d+$/);
const versionAnswer = z.object({
  Version: z.string(),
  ApiVersion: apiVersion,
  MinAPIVersion: apiVersion.default('1.12'),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});

async function askVersion(api: Api, endpoint: Endpoint, signal: AbortSignal): Promise<Greeting> {
  const where = formatEndpoint(endpoint);
  const response = await api({ method: 'GET', path: '/version', signal, timeoutMs: answerTimeoutMs });
  if (response.status !== 200) throw notAnEngine(response, await response.message(), where);
  const answer = versionAnswer.safeParse(await response.json());
  if (!answer.success) throw new EngineUnavailableError(`what listens at ${where} is no container engine`);
  const { Version, ApiVersion, MinAPIVersion, Components } = answer.data;
  return {
    isPodman: Components?.some(({ Name }) => Name === 'Podman Engine') ?? false,
    engineVersion: Version,
    apiVersion: ApiVersion,
    oldestApiVersion: MinAPIVersion,
  };
}

function notAnEngine(response: ApiResponse, message: string, where: string): EngineUnavailableError {
  const { status } = response;
  const hint = /HTTPS server/.test(message)
    ? 'Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with the certificates.'
    : isForbidden(response, message)
      ? 'A proxy or an authorization plugin before the engine has to allow GET /_ping; where the headers of its answer are dropped, GET /version too.'
      : 'Is it an engine, or a proxy before one?';
  return new EngineUnavailableError(`what listens at ${where} answers ${status} to GET /version: ${message}`, { hint });
}
