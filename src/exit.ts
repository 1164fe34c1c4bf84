import { EngineUnavailableError, exitStatusOf, CancelledError, InvalidRequestError } from './errors.ts';

/** waitdaemon's own statuses, for those who wait for them. */
const noEngine = 12;
const launchFailed = 1;
const waiterFailed = 2;

/** The exit status for a failure, as the tool that we stand in for has it. */
export function exitStatusFor(error: unknown, stage: 'launch' | 'waiter', compat: string | undefined): number {
  if (compat !== 'waitdaemon' || error instanceof CancelledError) return exitStatusOf(error);
  const badRuntime =
    error instanceof InvalidRequestError && error.mistakes.every(({ name }) => name === 'CONTAINER_RUNTIME');
  if (error instanceof EngineUnavailableError || badRuntime) return noEngine;
  return stage === 'launch' ? launchFailed : waiterFailed;
}
