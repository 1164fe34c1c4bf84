import { inspect } from 'node:util';
import Modem from 'docker-modem';
import Docker from 'dockerode';
import type { Endpoint } from './endpoint.ts';

export interface TlsFiles {
  readonly ca: Buffer;
  readonly client: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

export interface TransportOptions {
  readonly tls?: TlsFiles | undefined;
  /** Of the API; without it the engine answers in its newest. */
  readonly version?: string | undefined;
}

interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

type BuildRequest = (options: object, context: object, data: unknown, callback: unknown) => void;
const { buildRequest } = Modem.prototype as unknown as { buildRequest: BuildRequest };

/**
 * dockerode on a transport of our making. Its own is made by a constructor that reads DOCKER_HOST, DOCKER_CERT_PATH and
 * DOCKER_CLIENT_TIMEOUT of the process, whatever it is given, and throws where the certificates are missing, TLS or not.
 */
export function dockerAt(endpoint: Endpoint, { tls, version }: TransportOptions): Docker {
  const overTls = endpoint.kind === 'tcp' && endpoint.tls !== undefined;
  const modem: unknown = Object.assign(Object.create(Modem.prototype) as object, {
    ...(endpoint.kind === 'unix' ? { socketPath: endpoint.path } : { host: endpoint.host, port: endpoint.port }),
    ca: tls?.ca,
    ...tls?.client,
    protocol: overTls ? 'https' : 'http',
    pathPrefix: '/',
    headers: {},
    version: version === undefined ? undefined : `v${version}`,
    buildRequest(this: unknown, options: RequestOptions, ...[context, data, callback]: [object, unknown, unknown]) {
      // An empty body in chunks would be the first input of the process that the connection is handed to.
      const { 'Transfer-Encoding': _, ...headers } = options.headers ?? {};
      const asked = data === undefined && headers['Upgrade'] ? { ...options, headers } : options;
      // It follows redirects without the socket, the signal and a listener for errors: an uncaught exception. And with
      // DEBUG in our environment all of it is printed, logins and keys too.
      const hidden = { [inspect.custom]: () => 'a request' };
      buildRequest.call(this, { ...asked, ...hidden, maxRedirects: 0 }, context, data, callback);
    },
  });
  return new Docker({ modem } as Docker.DockerOptions);
}
