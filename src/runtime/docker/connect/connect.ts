import { EngineUnavailableError, InvalidRequestError } from '../../../errors.ts';
import { type Api, createApi } from '../wire/api.ts';
import { type Endpoint, formatEndpoint } from '../wire/endpoint.ts';
import { greet, type Greeting } from './greet.ts';
import { checkSocket } from './sockets.ts';
import { readTls } from '../wire/tls.ts';
import { isOlder } from './version.ts';

/** A way to an engine that answers, in a version of the API that both sides speak. */
export interface Connection {
  readonly api: Api;
  readonly endpoint: Endpoint;
  readonly apiVersion: string;
  readonly engineVersion: string;
  /** Podman speaks the same API, and says some things otherwise; this is its own API. */
  readonly libpod: Api | undefined;
  /** Ends all that is under way. */
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The versions of the API that offshoot knows. */
const oldest = '1.41';
const newest = '1.51';
/** Of Podman's own API. */
const libpodVersion = '4.0.0';

/** @throws EngineUnavailableError, InvalidRequestError */
export async function connect(endpoint: Endpoint, env: Environment, signal: AbortSignal): Promise<Connection> {
  const wanted = wantedVersion(env);
  if (endpoint.kind === 'unix') checkSocket(endpoint.path);
  const tls = readTls(endpoint);
  const engine = await greet(createApi(endpoint, { tls }), endpoint, signal, (greeting) => isEnough(greeting, wanted));
  const { apiVersion, oldestApiVersion, engineVersion, isPodman } = engine;
  const newestOfBoth = negotiate(engine, endpoint);
  const isTooOld = wanted !== undefined && oldestApiVersion !== undefined && isOlder(wanted, oldestApiVersion);
  if (wanted !== undefined && (isTooOld || isOlder(apiVersion, wanted))) {
    throw badVersion(wanted, `the engine speaks ${oldestApiVersion} to ${apiVersion}`);
  }
  const version = wanted ?? newestOfBoth;
  const closing = new AbortController();
  const options = { tls, closed: closing.signal };
  return {
    api: createApi(endpoint, { ...options, version }),
    endpoint,
    apiVersion: version,
    engineVersion,
    libpod: isPodman ? createApi(endpoint, { ...options, version: libpodVersion }) : undefined,
    close: () => closing.abort(),
  };
}

/** An engine speaks the version that it names itself; which older ones, it has to be asked. */
function isEnough({ apiVersion }: Greeting, wanted: string | undefined): boolean {
  return !isOlder(newest, apiVersion) && (wanted === undefined || wanted === apiVersion);
}

function wantedVersion(env: Environment): string | undefined {
  const wanted = env['DOCKER_API_VERSION']?.replace(/^v/, '');
  if (!wanted) return undefined;
  if (!/^1\.\d{1,3}$/.test(wanted)) throw badVersion(wanted, `expected ${oldest} to ${newest}`);
  if (isOlder(wanted, oldest)) throw badVersion(wanted, `offshoot needs ${oldest} or newer`);
  return wanted;
}

function negotiate({ apiVersion, oldestApiVersion }: Greeting, endpoint: Endpoint): string {
  if (isOlder(apiVersion, oldest)) {
    throw new EngineUnavailableError(
      `the engine at ${formatEndpoint(endpoint)} speaks API ${apiVersion}; offshoot needs ${oldest} (Docker 20.10) or newer`,
    );
  }
  const version = isOlder(apiVersion, newest) ? apiVersion : newest;
  return oldestApiVersion !== undefined && isOlder(version, oldestApiVersion) ? oldestApiVersion : version;
}

function badVersion(version: string, problem: string): InvalidRequestError {
  return new InvalidRequestError([{ name: 'DOCKER_API_VERSION', problem: `"${version}": ${problem}` }]);
}
