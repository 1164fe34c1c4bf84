/** What of the sibling counts as success. */
export type Readiness =
  | { readonly is: 'started' | 'running' | 'healthy' }
  | {
      readonly is: 'exited';
      /** The one that is asked for. */
      readonly exitCode: number;
    };

/**
 * `started`, `running`, `healthy`, `exited:0`
 * @throws Error with the problem
 */
export function parseReadiness(text: string): Readiness {
  if (text === 'started' || text === 'running' || text === 'healthy') return { is: text };
  const exitCode = Number(/^exited:(\d{1,3})$/.exec(text)?.[1] ?? 256);
  if (exitCode <= 255) return { is: 'exited', exitCode };
  throw new Error('expected started, running, healthy, or exited:0 (any status from 0 to 255)');
}

/** As it is written. */
export function readinessText(ready: Readiness): string {
  return ready.is === 'exited' ? `exited:${ready.exitCode}` : ready.is;
}
