import { describeError, EngineUnavailableError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { RuntimePreference } from '../plan/variables.ts';
import type { Candidate } from './docker/connect/candidates.ts';
import type { RefusedEngine } from './docker/connect/no-engine.ts';
import { patient } from './patient.ts';
import { isBuiltIn, registeredNames, registeredRuntime } from './registry.ts';
import type { Runtime } from './runtime.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface DetectOptions extends StageOptions {
  /** Of containerd; without it self's own, else `default`. */
  readonly namespace?: string | undefined;
  /** Is nerdctl run on the host? */
  readonly host?: 'auto' | 'always' | 'never' | undefined;
}

/**
 * The engine that is asked for, or the first that answers, in the order of docs/engines.md. Its adapter, and with it
 * its library, is loaded only now.
 * @param asked a runtime's name (`availableRuntimes`); `auto` or nothing: any
 * @throws EngineUnavailableError with all that were asked, and why each was not taken
 * @throws NotSupportedError, InvalidArgumentError for a name that is not to be had
 */
export async function detectRuntime(
  asked: RuntimePreference | (string & {}),
  env: Environment,
  options: DetectOptions,
): Promise<Runtime> {
  const preference = asked === '' ? 'auto' : asked;
  if (!isBuiltIn(preference)) return tell(await registeredRuntime(preference, env, options), preference, options);
  if (preference === 'nerdctl' || preference === 'containerd') {
    return tell(await byNerdctl(env, options), preference, options);
  }
  const refused: RefusedEngine[] = [];
  const refuse = (by: string, error: unknown): void => {
    options.signal.throwIfAborted();
    if (!(error instanceof EngineUnavailableError)) throw error;
    refused.push({ by, error });
    options.report({ level: 'debug', event: 'engine', message: `not taken: ${by}: ${describeError(error)}` });
  };

  const { candidates } = await import('./docker/connect/candidates.ts');
  for (const candidate of candidates(preference, env)) {
    try {
      return tell(await reach(candidate, preference, env, options), candidate.by, options, preference);
    } catch (error) {
      if (candidate.only) throw error;
      refuse(candidate.by, error);
    }
  }
  if (preference === 'auto') {
    try {
      return tell(await byNerdctl(env, options), 'nerdctl', options);
    } catch (error) {
      refuse('nerdctl', error);
    }
  }
  for (const name of preference === 'auto' ? registeredNames() : []) {
    try {
      return tell(await registeredRuntime(name, env, options), name, options);
    } catch (error) {
      refuse(name, error);
    }
  }
  const { noEngine } = await import('./docker/connect/no-engine.ts');
  throw noEngine(refused, preference);
}

async function reach(
  candidate: Candidate,
  preference: RuntimePreference,
  env: Environment,
  { signal }: StageOptions,
): Promise<Runtime> {
  const endpoint = candidate.endpoint();
  // The library of the adapter is not loaded for sockets that are not there.
  const { checkSocket } = await import('./docker/connect/sockets.ts');
  if (endpoint.kind === 'unix') checkSocket(endpoint.path);
  const { dockerRuntime } = await import('./docker/runtime.ts');
  const runtime = await dockerRuntime(env, { signal, endpoint });
  if (preference === 'podman' && runtime.kind !== 'podman') {
    throw new EngineUnavailableError(`${runtime.description} is not Podman`, {
      hint: 'Use docker or auto (OFFSHOOT_RUNTIME), or set CONTAINER_HOST to the address of Podman.',
    });
  }
  return runtime;
}

async function byNerdctl(env: Environment, options: DetectOptions): Promise<Runtime> {
  const { nerdctlRuntime } = await import('./nerdctl/runtime.ts');
  return nerdctlRuntime(env, options);
}

function tell(runtime: Runtime, by: string, { report }: StageOptions, preference?: RuntimePreference): Runtime {
  const other = preference === 'docker' && runtime.kind !== 'docker' ? `, which speaks as Docker does` : '';
  const message = `${runtime.description}, found by ${by}${other}`;
  report({ level: other === '' ? 'debug' : 'info', event: 'engine', message, runtime: runtime.kind, by });
  return patient(runtime, report);
}
