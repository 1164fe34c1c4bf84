import { InvalidRequestError, NotSupportedError } from '../errors.ts';
import type { Readiness } from '../plan/readiness.ts';
import type { ContainerSettings, ImageRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';

/**
 * Can the sibling become what is asked for? Told before anything is made.
 * @param settings as an override has left them
 * @throws InvalidRequestError, NotSupportedError
 */
export function checkReadiness(
  ready: Readiness,
  settings: ContainerSettings,
  image: ImageRecord,
  runtime: Runtime,
): void {
  if (ready.is !== 'healthy') return;
  if (runtime.features.healthChecks === false)
    throw new NotSupportedError(`OFFSHOOT_READY=healthy: ${runtime.description} runs no health checks`, {
      hint: 'Ask for running or exited:0 instead.',
    });
  const own = settings.healthcheck?.test;
  const ofImage = image.config === undefined ? ['unknown'] : image.config.healthcheck?.test;
  const test = own?.length ? own : ofImage;
  if (test !== undefined && test[0] !== 'NONE') return;
  throw new InvalidRequestError([{ name: 'OFFSHOOT_READY', problem: '"healthy": the sibling has no health check' }], {
    hint: 'Give it one (in its image, or by OFFSHOOT_OVERRIDE), or ask for running or exited:0.',
  });
}
