import { EngineUnavailableError, InvalidRequestError } from '../../errors.ts';

/** Where an engine listens. */
export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** Folder with `ca.pem`, `cert.pem` and `key.pem`; `undefined`: no TLS. */
      readonly tls: { readonly certPath: string | undefined } | undefined;
    };

export const defaultSocket = '/var/run/docker.sock';

const expectedForm = 'expected unix:///path or tcp://host:port';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The address that `DOCKER_HOST` and its companions name, read as the Docker CLI reads them.
 * @throws InvalidRequestError for an address that is none
 * @throws EngineUnavailableError for a kind of address that offshoot does not talk to
 */
export function parseEndpoint(env: Environment): Endpoint {
  const address = env['DOCKER_HOST'] || `unix://${defaultSocket}`;
  const [scheme, rest] = splitScheme(address);
  if (scheme === 'unix') {
    if (!rest.startsWith('/')) throw badAddress(address, 'expected an absolute path after unix://');
    return { kind: 'unix', path: rest };
  }
  if (scheme === 'ssh') {
    throw new EngineUnavailableError(`DOCKER_HOST: offshoot does not talk over ssh (${withoutPassword(address)})`, {
      hint: 'Mount the socket of the engine, or use tcp:// with TLS (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH).',
    });
  }
  if (scheme !== 'tcp' && scheme !== 'http' && scheme !== 'https') {
    throw badAddress(address, expectedForm);
  }
  return parseTcp(address, rest, scheme, env);
}

function parseTcp(address: string, rest: string, scheme: string, env: Environment): Endpoint {
  const url = URL.parse(`http://${rest}`);
  if (url === null || url.hostname === '' || url.port === '0' || !/^[^/?#\\\s]*\/?$/.test(rest)) {
    throw badAddress(address, expectedForm);
  }
  if (url.username !== '' || url.password !== '') throw badAddress(address, 'a user or password has no place in it');
  const verify = Boolean(env['DOCKER_TLS_VERIFY']) || scheme === 'https';
  // URL drops port 80 as the default of http.
  const port = url.port === '' ? (/:0*80\/?$/.test(rest) ? 80 : verify ? 2376 : 2375) : Number(url.port);
  return {
    kind: 'tcp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    tls: verify ? { certPath: env['DOCKER_CERT_PATH'] || undefined } : undefined,
  };
}

/** For people: the address without anything secret. */
export function formatEndpoint(endpoint: Endpoint): string {
  return endpoint.kind === 'unix' ? `unix://${endpoint.path}` : `tcp://${endpoint.host}:${endpoint.port}`;
}

function splitScheme(address: string): [scheme: string, rest: string] {
  const at = address.indexOf('://');
  return at === -1 ? ['tcp', address] : [address.slice(0, at).toLowerCase(), address.slice(at + 3)];
}

function badAddress(address: string, expected: string): InvalidRequestError {
  return new InvalidRequestError([
    { name: 'DOCKER_HOST', problem: `${JSON.stringify(withoutPassword(address))}: ${expected}` },
  ]);
}

/** All that stands before the last @, as a password may hold any character, and what follows a question mark. */
function withoutPassword(address: string): string {
  return address.replace(/^([a-z]+:\/\/)?.*@/is, '$1…@').replace(/\?.*/s, '?…');
}
