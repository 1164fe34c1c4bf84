import { InvalidRequestError, NotSupportedError } from '../errors.ts';
import type { Readiness } from '../plan/readiness.ts';
import type { ImageRecord } from '../runtime/container.ts';
import type { CreateRequest, Runtime } from '../runtime/runtime.ts';

/**
 * Can the sibling become what is asked for? Told before anything is made.
 * @throws InvalidRequestError, NotSupportedError
 */
export function checkReadiness(ready: Readiness, request: CreateRequest, image: ImageRecord, runtime: Runtime): void {
  if (ready.is !== 'healthy') return;
  if (runtime.features.healthChecks === false)
    throw new NotSupportedError(`OFFSHOOT_READY=healthy: ${runtime.description} runs no health checks`, {
      hint: 'Ask for running or exited:0 instead.',
    });
  // In Docker's words, as an override may have given or taken it.
  const own = request.body['Healthcheck'] as { readonly Test?: readonly string[] | null } | null | undefined;
  const ofImage = image.config === undefined ? ['unknown'] : image.config.healthcheck?.test;
  const test = own?.Test?.length ? own.Test : ofImage;
  if (test !== undefined && test[0] !== 'NONE') return;
  throw new InvalidRequestError([{ name: 'OFFSHOOT_READY', problem: '"healthy": the sibling has no health check' }], {
    hint: 'Give it one (in its image, or by OFFSHOOT_OVERRIDE), or ask for running or exited:0.',
  });
}
