import { realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { EngineRefusedError } from '../../errors.ts';
import type { ContainerRecord, ContainerSettings, MountPoint } from '../container.ts';
import { type Endpoint, formatEndpoint } from './wire/endpoint.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings that give another container of our image the way to the engine that we have: the mount of its socket
 * and no network, or the network and the certificates. The user and groups belong to it, as they open the socket.
 */
export function accessSettings(endpoint: Endpoint, env: Environment, self: ContainerRecord): ContainerSettings {
  const { user, groupAdd, securityOpt, usernsMode } = self.settings;
  const paths =
    endpoint.kind === 'unix' ? [endpoint.path] : endpoint.tls?.certPath === undefined ? [] : [endpoint.tls.certPath];
  const mounts = paths.map((path) => mountFor(path, self.mountPoints)).filter((bind) => bind !== undefined);
  if (endpoint.kind === 'unix' && mounts.length === 0) {
    throw new EngineRefusedError(`the engine's socket ${endpoint.path} is not mounted into this container`, {
      hint: 'A waiter cannot be given a way to the engine; mount the socket with -v.',
    });
  }
  return {
    binds: mounts,
    networkMode: endpoint.kind === 'unix' ? 'none' : self.settings.networkMode,
    env: wayVariables(endpoint, env),
    user,
    groupAdd,
    // SELinux labels and user namespaces decide who may use the socket.
    securityOpt: securityOpt?.filter((option) => option.startsWith('label')),
    usernsMode,
  };
}

/** The engine by its address, however it was found: what was chosen once is not chosen again. */
function wayVariables(endpoint: Endpoint, env: Environment): string[] {
  const tls = endpoint.kind === 'tcp' ? endpoint.tls : undefined;
  const variables = {
    DOCKER_HOST: formatEndpoint(endpoint),
    DOCKER_TLS_VERIFY: tls && '1',
    DOCKER_CERT_PATH: tls?.certPath,
    DOCKER_API_VERSION: env['DOCKER_API_VERSION'],
  };
  return Object.entries(variables).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
}

/** A bind of `path` alone, from where it lies on the engine's host. */
function mountFor(path: string, mountPoints: readonly MountPoint[]): string | undefined {
  const place = resolved(path);
  const holder = mountPoints
    .map(({ source, destination }) => ({ source, destination: resolved(destination) }))
    .filter(({ destination }) => place === destination || place.startsWith(`${destination.replace(/\/$/, '')}/`))
    .toSorted((left, right) => right.destination.length - left.destination.length)[0];
  if (holder === undefined) return undefined;
  return `${posix.join(holder.source, posix.relative(holder.destination, place))}:${path}`;
}

/** `/var/run` is a link to `/run` in most images, and a mount may have been asked for by either. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
