import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { chosenContext, readContext } from './contexts.ts';
import { defaultSocket, type Endpoint, parseAddress, parseEndpoint } from '../wire/endpoint.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A place where an engine could listen. */
export interface Candidate {
  /** What names it, for people. */
  readonly by: string;
  /** Somebody has said that it is this one: no other is asked. */
  readonly only?: boolean;
  /** @throws EngineUnavailableError, InvalidRequestError for an address that cannot be used */
  endpoint(): Endpoint;
}

/** In the order in which they are asked. One after the other, as the first answers most of the time. */
export function* candidates(preference: 'auto' | 'docker' | 'podman', env: Environment): Generator<Candidate> {
  const isSet = Boolean(env['DOCKER_HOST']);
  if (isSet && !(preference === 'podman' && env['CONTAINER_HOST'])) {
    yield { by: 'DOCKER_HOST', only: true, endpoint: () => parseEndpoint(env) };
    return;
  }
  if (preference === 'podman') {
    yield* podmanPlaces(env, true);
    // People mount Podman's socket where others look for Docker's.
    if (!env['CONTAINER_HOST']) yield socket(defaultSocket);
    return;
  }
  const context = chosenContext(env);
  if (context !== undefined) {
    yield { by: context.by, only: Boolean(env['DOCKER_CONTEXT']), endpoint: () => contextEndpoint(context, env) };
    if (env['DOCKER_CONTEXT']) return;
  }
  yield* dockerSockets(env);
  if (preference === 'auto') yield* podmanPlaces(env, false);
}

function contextEndpoint({ name, by }: { name: string; by: string }, env: Environment): Endpoint {
  const { host, certPath } = readContext(name, env);
  return parseAddress({ name: by, value: host, tls: certPath !== undefined, certPath });
}

function* dockerSockets(env: Environment): Generator<Candidate> {
  yield socket(defaultSocket);
  yield socket(posix.join(runtimeFolder(env), 'docker.sock')); // rootless
  const home = env['HOME'];
  if (!home) return;
  yield socket(posix.join(home, '.docker/run/docker.sock')); // Docker Desktop
  yield socket(posix.join(home, '.docker/desktop/docker.sock'));
}

function* podmanPlaces(env: Environment, only: boolean): Generator<Candidate> {
  const value = env['CONTAINER_HOST'];
  if (value) {
    yield { by: 'CONTAINER_HOST', only, endpoint: () => parseAddress({ name: 'CONTAINER_HOST', value }) };
    return;
  }
  yield socket('/run/podman/podman.sock');
  yield socket(posix.join(runtimeFolder(env), 'podman/podman.sock')); // rootless
}

function socket(path: string): Candidate {
  return { by: path, endpoint: () => ({ kind: 'unix', path }) };
}

/** Of the user that we run as. */
function runtimeFolder(env: Environment): string {
  return env['XDG_RUNTIME_DIR'] || `/run/user/${statSync('/proc/self').uid}`;
}
