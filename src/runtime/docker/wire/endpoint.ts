import { EngineUnavailableError, InvalidRequestError } from '../../../errors.ts';

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

/** Where it stands that an engine is at this address, and what is said of TLS. */
export interface Address {
  /** Of the variable, for messages. */
  readonly name: string;
  readonly value: string;
  readonly tls?: boolean;
  readonly certPath?: string | undefined;
}

/**
 * The address that `DOCKER_HOST` and its companions name, read as the Docker CLI reads them.
 * @throws what `parseAddress` throws
 */
export function parseEndpoint(env: Environment): Endpoint {
  return parseAddress({
    name: 'DOCKER_HOST',
    value: env['DOCKER_HOST'] || `unix://${defaultSocket}`,
    tls: Boolean(env['DOCKER_TLS_VERIFY']),
    certPath: env['DOCKER_CERT_PATH'] || undefined,
  });
}

/**
 * @throws InvalidRequestError for an address that is none
 * @throws EngineUnavailableError for a kind of address that offshoot does not talk to
 */
export function parseAddress(address: Address): Endpoint {
  const { name, value } = address;
  const [scheme, rest] = splitScheme(value);
  if (scheme === 'unix') {
    if (!rest.startsWith('/')) throw badAddress(address, 'expected an absolute path after unix://');
    return { kind: 'unix', path: rest };
  }
  if (scheme === 'ssh') {
    throw new EngineUnavailableError(`${name}: offshoot does not talk over ssh (${withoutPassword(value)})`, {
      hint: 'Mount the socket of the engine, or use tcp:// with TLS (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH).',
    });
  }
  if (scheme !== 'tcp' && scheme !== 'http' && scheme !== 'https') {
    throw badAddress(address, expectedForm);
  }
  return parseTcp(address, rest, scheme);
}

function parseTcp(address: Address, rest: string, scheme: string): Endpoint {
  const url = URL.parse(`http://${rest}`);
  if (url === null || url.hostname === '' || url.port === '0' || !/^[^/?#\\\s]*\/?$/.test(rest)) {
    throw badAddress(address, expectedForm);
  }
  if (url.username !== '' || url.password !== '') throw badAddress(address, 'a user or password has no place in it');
  const verify = address.tls === true || scheme === 'https';
  // URL drops port 80 as the default of http.
  const port = url.port === '' ? (/:0*80\/?$/.test(rest) ? 80 : verify ? 2376 : 2375) : Number(url.port);
  return {
    kind: 'tcp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    tls: verify ? { certPath: address.certPath } : undefined,
  };
}

/** As in `DOCKER_HOST`; nothing secret is in it. */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') return `unix://${endpoint.path}`;
  const { host, port } = endpoint;
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function splitScheme(address: string): [scheme: string, rest: string] {
  const at = address.indexOf('://');
  return at === -1 ? ['tcp', address] : [address.slice(0, at).toLowerCase(), address.slice(at + 3)];
}

function badAddress({ name, value }: Address, expected: string): InvalidRequestError {
  return new InvalidRequestError([{ name, problem: `${JSON.stringify(withoutPassword(value))}: ${expected}` }]);
}

/** All that stands before the last @, as a password may hold any character, and what follows a question mark. */
function withoutPassword(address: string): string {
  return address.replace(/^([a-z]+:\/\/)?.*@/is, '$1…@').replace(/\?.*/s, '?…');
}
