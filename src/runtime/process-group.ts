import { kill } from 'node:process';

/** A program and what it has started, which may outlive it. */
export function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) kill(-leader, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

/** Rejects with the signal's reason when that is aborted, unless `over` is before. */
export async function aborted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: over });
  });
}
