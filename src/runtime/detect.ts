import { EngineUnavailableError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { RuntimePreference } from '../plan/variables.ts';
import type { Runtime } from './runtime.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The engine that is asked for, or the first that answers. Its adapter, and with it its library, is loaded only now.
 * @throws EngineUnavailableError
 */
export async function detectRuntime(
  preference: RuntimePreference,
  env: Environment,
  { signal, report }: StageOptions,
): Promise<Runtime> {
  if (preference !== 'auto' && preference !== 'docker') {
    throw new EngineUnavailableError(`this version of offshoot has no runtime for ${preference}`, {
      hint: 'Use docker: Podman too listens at a Docker-compatible socket that DOCKER_HOST can name.',
    });
  }
  const { dockerRuntime } = await import('./docker/runtime.ts');
  const runtime = await dockerRuntime(env, { signal });
  report({ level: 'debug', event: 'engine', message: runtime.description, runtime: runtime.kind });
  return runtime;
}
