import { EngineUnavailableError } from '../../../errors.ts';
import type { RuntimePreference } from '../../../plan/variables.ts';
import { isMissing } from './sockets.ts';

export interface RefusedEngine {
  readonly by: string;
  readonly error: EngineUnavailableError;
}

/**
 * One error for all that were asked. The first of those that are there and do not answer is most likely the one that
 * was meant: what mends it is said; else, how an engine is given to a container.
 */
export function noEngine(refused: readonly RefusedEngine[], preference: RuntimePreference): EngineUnavailableError {
  const meant = refused.find(({ by, error }) => by !== 'nerdctl' && !isMissing(error));
  const what = preference === 'podman' ? 'no Podman answers' : 'no container engine answers';
  const lines = refused.map(({ by, error }) => `  ${lineOf(by, error)}`);
  return new EngineUnavailableError([`${what}:`, ...lines].join('\n'), {
    cause: meant?.error,
    hint:
      meant?.error.hint ?? `Mount the engine's socket: docker run -v ${socketOf(preference)} …, or set DOCKER_HOST.`,
  });
}

function lineOf(by: string, { message }: EngineUnavailableError): string {
  const reason = message.replace(/^there is no socket of an engine: /, '');
  return reason.includes(by) ? reason : `${by}: ${reason}`;
}

function socketOf(preference: RuntimePreference): string {
  const socket = preference === 'podman' ? '/run/podman/podman.sock' : '/var/run/docker.sock';
  return `${socket}:${socket}`;
}
