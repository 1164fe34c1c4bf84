import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EngineUnavailableError, InvalidRequestError, TimeoutError } from '../../errors.ts';
import { type Api, createApi, type TlsFiles } from './api.ts';
import { type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts';

/** A way to an engine that answers, in a version of the API that both sides speak. */
export interface Connection {
  readonly api: Api;
  readonly endpoint: Endpoint;
  readonly apiVersion: string;
  readonly engineVersion: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The versions of the API that offshoot knows. */
const oldest = '1.41';
const newest = '1.51';
/** An engine that accepts and never answers is given up before a user loses patience. */
const answerTimeoutMs = 4_000;

const versionAnswer = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  MinAPIVersion: z.string().default('1.12'),
});

/** @throws EngineUnavailableError, InvalidRequestError */
export async function connect(env: Environment, signal: AbortSignal): Promise<Connection> {
  const endpoint = parseEndpoint(env);
  const wanted = wantedVersion(env);
  if (endpoint.kind === 'unix') checkSocket(endpoint.path);
  const tls =
    endpoint.kind === 'tcp' && endpoint.tls?.certPath !== undefined ? readTls(endpoint.tls.certPath) : undefined;
  const engine = await askVersion(createApi(endpoint, tls && { tls }), endpoint, signal);
  const version = wanted ?? negotiate(engine, endpoint);
  if (wanted !== undefined && (isOlder(wanted, engine.MinAPIVersion) || isOlder(engine.ApiVersion, wanted))) {
    throw badVersion(wanted, `the engine speaks ${engine.MinAPIVersion} to ${engine.ApiVersion}`);
  }
  return {
    api: createApi(endpoint, { ...(tls && { tls }), version }),
    endpoint,
    apiVersion: version,
    engineVersion: engine.Version,
  };
}

/** Is `left` an older version than `right`? Both are `major.minor`. */
export function isOlder(left: string, right: string): boolean {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor === rightMajor ? leftMinor < rightMinor : leftMajor < rightMajor;
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
  let answer: unknown;
  try {
    const response = await api({ method: 'GET', path: '/version', signal, timeoutMs: answerTimeoutMs });
    if (response.status !== 200) {
      throw new EngineUnavailableError(
        `the engine at ${where} answers ${response.status}: ${await response.message()}`,
        {
          hint: 'Is there a proxy before it that does not allow GET /version?',
        },
      );
    }
    answer = await response.json();
  } catch (error) {
    throw describeFailure(error, where);
  }
  const parsed = versionAnswer.safeParse(answer);
  if (!parsed.success) throw new EngineUnavailableError(`what listens at ${where} is no container engine`);
  return parsed.data;
}

/** A socket's own failures are the most common ones of all: each gets its own words. */
function describeFailure(error: unknown, where: string): unknown {
  if (error instanceof TimeoutError) {
    return new EngineUnavailableError(
      `the engine at ${where} accepts connections but does not answer within ${answerTimeoutMs / 1000} s`,
      {
        cause: error,
        hint: 'The daemon hangs or is stopped; see its log.',
      },
    );
  }
  if (error instanceof SyntaxError)
    return new EngineUnavailableError(`what listens at ${where} is no container engine`);
  const cause = error instanceof EngineUnavailableError ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const known = typeof code === 'string' ? connectFailures[code] : undefined;
  return known === undefined
    ? error
    : new EngineUnavailableError(`${known.says} (${where})`, { cause, hint: known.hint });
}

const connectFailures: Readonly<Record<string, { says: string; hint: string }>> = {
  EACCES: {
    says: "no permission to use the engine's socket",
    hint: "Run as root, or give this user the socket's group (docker run --group-add).",
  },
  ECONNREFUSED: { says: 'nothing listens at the address of the engine', hint: 'Is the daemon running?' },
  ENOTFOUND: { says: 'the host of the engine has no address', hint: 'Check DOCKER_HOST.' },
};

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

function readTls(folder: string): TlsFiles {
  const read = (name: string): Buffer => {
    const path = join(folder, name);
    try {
      return readFileSync(path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InvalidRequestError([{ name: 'DOCKER_CERT_PATH', problem: `${path} cannot be read: ${reason}` }]);
    }
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

function badVersion(version: string, problem: string): InvalidRequestError {
  return new InvalidRequestError([{ name: 'DOCKER_API_VERSION', problem: `"${version}": ${problem}` }]);
}
