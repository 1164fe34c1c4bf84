import { statSync } from 'node:fs';
import * as z from 'zod';
import { EngineUnavailableError, InvalidRequestError } from '../../errors.ts';
import { type Api, createApi } from './api.ts';
import { type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts';
import { explainFailure } from './failures.ts';
import { readTls } from './tls.ts';
import { isOlder } from './version.ts';

/** A way to an engine that answers, in a version of the API that both sides speak. */
export interface Connection {
  readonly api: Api;
  readonly endpoint: Endpoint;
  readonly apiVersion: string;
  readonly engineVersion: string;
  /** Podman speaks the same API, and says some things otherwise. */
  readonly isPodman: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The versions of the API that offshoot knows. */
const oldest = '1.41';
const newest = '1.51';
/** An engine that accepts and never answers is given up before a user loses patience. */
const answerTimeoutMs = 4_000;

const apiVersion = z.string().regex(/^\d+\.\d+$/);
const versionAnswer = z.object({
  Version: z.string(),
  ApiVersion: apiVersion,
  MinAPIVersion: apiVersion.default('1.12'),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});

/** @throws EngineUnavailableError, InvalidRequestError */
export async function connect(env: Environment, signal: AbortSignal): Promise<Connection> {
  const endpoint = parseEndpoint(env);
  const wanted = wantedVersion(env);
  if (endpoint.kind === 'unix') checkSocket(endpoint.path);
  const tls = readTls(endpoint);
  const engine = await askVersion(createApi(endpoint, { tls }), endpoint, signal);
  const newestOfBoth = negotiate(engine, endpoint);
  if (wanted !== undefined && (isOlder(wanted, engine.MinAPIVersion) || isOlder(engine.ApiVersion, wanted))) {
    throw badVersion(wanted, `the engine speaks ${engine.MinAPIVersion} to ${engine.ApiVersion}`);
  }
  const version = wanted ?? newestOfBoth;
  return {
    api: createApi(endpoint, { tls, version }),
    endpoint,
    apiVersion: version,
    engineVersion: engine.Version,
    isPodman: engine.Components?.some(({ Name }) => Name === 'Podman Engine') ?? false,
  };
}

function wantedVersion(env: Environment): string | undefined {
  const wanted = env['DOCKER_API_VERSION']?.replace(/^v/, '');
  if (!wanted) return undefined;
  if (!/^1\.\d{1,3}$/.test(wanted)) throw badVersion(wanted, `expected ${oldest} to ${newest}`);
  if (isOlder(wanted, oldest)) throw badVersion(wanted, `offshoot needs ${oldest} or newer`);
  return wanted;
}

function negotiate({ ApiVersion, MinAPIVersion }: z.output<typeof versionAnswer>, endpoint: Endpoint): string {
  if (isOlder(ApiVersion, oldest)) {
    throw new EngineUnavailableError(
      `the engine at ${formatEndpoint(endpoint)} speaks API ${ApiVersion}; offshoot needs ${oldest} (Docker 20.10) or newer`,
    );
  }
  const version = isOlder(ApiVersion, newest) ? ApiVersion : newest;
  return isOlder(version, MinAPIVersion) ? MinAPIVersion : version;
}

async function askVersion(api: Api, endpoint: Endpoint, signal: AbortSignal): Promise<z.output<typeof versionAnswer>> {
  const where = formatEndpoint(endpoint);
  try {
    const response = await api({ method: 'GET', path: '/version', signal, timeoutMs: answerTimeoutMs });
    if (response.status !== 200) throw notAnEngine(response.status, await response.message(), where);
    const answer = versionAnswer.safeParse(await response.json());
    if (!answer.success) throw new EngineUnavailableError(`what listens at ${where} is no container engine`);
    return answer.data;
  } catch (error) {
    if (signal.aborted) throw error;
    throw explainFailure(error, endpoint, answerTimeoutMs);
  }
}

function notAnEngine(status: number, message: string, where: string): EngineUnavailableError {
  const hint = /HTTPS server/.test(message)
    ? 'Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with the certificates.'
    : 'Is there a proxy before it that does not allow GET /version?';
  return new EngineUnavailableError(`what listens at ${where} answers ${status} to GET /version: ${message}`, { hint });
}

function checkSocket(path: string): void {
  let stats;
  try {
    stats = statSync(path);
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    throw new EngineUnavailableError(
      denied
        ? `no permission to reach the engine's socket ${path}`
        : `there is no socket of an engine: ${path} does not exist`,
      { cause: error, hint: `Mount it: docker run -v /var/run/docker.sock:${path} …, or set DOCKER_HOST.` },
    );
  }
  if (stats.isSocket()) return;
  const kind = stats.isDirectory() ? 'a directory' : 'no socket';
  throw new EngineUnavailableError(`there is no socket of an engine: ${path} is ${kind}`, {
    hint: stats.isDirectory()
      ? 'The engine makes a directory where a path to mount is missing on its host: is there another engine, or another path?'
      : undefined,
  });
}

function badVersion(version: string, problem: string): InvalidRequestError {
  return new InvalidRequestError([{ name: 'DOCKER_API_VERSION', problem: `"${version}": ${problem}` }]);
}
