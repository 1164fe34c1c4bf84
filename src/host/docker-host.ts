import { posix } from 'node:path';
import { candidates } from '../runtime/docker/connect/candidates.ts';
import { defaultSocket, type Endpoint, formatEndpoint, parseAddress } from '../runtime/docker/wire/endpoint.ts';
import { type HostView, readHost } from './host-view.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where an engine with Docker's API is to be found. */
export interface DockerHost {
  /** In the words of `DOCKER_HOST`: `unix:///path` or `tcp://host:port`. */
  readonly host: string;
  /** The folder of the certificates, where TLS is spoken and one is named. */
  readonly certPath: string | undefined;
  readonly tls: boolean;
  /** What named it, for people: `host`, `DOCKER_HOST`, `DOCKER_CONTEXT=…`, `currentContext of …`, or the path of a socket. */
  readonly by: string;
}

export interface DockerHostOptions {
  /** As a flag would have it; wins over all. */
  readonly host?: string | undefined;
  readonly env: Environment;
}

/**
 * The address as the docker command line finds it: what is asked for, `DOCKER_HOST`, the context (`DOCKER_CONTEXT`, or
 * the current one of `config.json`); then the socket of a rootless engine where there is one, then the usual socket.
 * Whether somebody answers there is not asked: `detectRuntime` does that.
 * @throws InvalidRequestError for an address that is none
 * @throws EngineUnavailableError for a context that is not there, and for what offshoot does not talk over (ssh)
 */
export function resolveDockerHost({ host, env }: DockerHostOptions, view: HostView = readHost()): DockerHost {
  if (host) {
    const tls = { tls: Boolean(env['DOCKER_TLS_VERIFY']), certPath: env['DOCKER_CERT_PATH'] || undefined };
    return told(parseAddress({ name: 'host', value: host, ...tls }), 'host');
  }
  for (const candidate of candidates('docker', env)) {
    // From here on it is sockets at usual places.
    if (candidate.by.startsWith('/')) break;
    return told(candidate.endpoint(), candidate.by);
  }
  const rootless = posix.join(env['XDG_RUNTIME_DIR'] || `/run/user/${view.uid}`, 'docker.sock');
  const path = view.isSocket(rootless) ? rootless : defaultSocket;
  return told({ kind: 'unix', path }, path);
}

function told(endpoint: Endpoint, by: string): DockerHost {
  const tls = endpoint.kind === 'tcp' ? endpoint.tls : undefined;
  return { host: formatEndpoint(endpoint), tls: tls !== undefined, certPath: tls?.certPath, by };
}
