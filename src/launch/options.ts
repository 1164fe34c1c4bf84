import type { StageOptions } from '../events.ts';
import type { Environment } from '../plan/plan.ts';
import type { Policy } from '../policy/policy.ts';

export interface LaunchOptions extends StageOptions {
  readonly env: Environment;
  /** What may be asked for at most. */
  readonly policy?: Policy | undefined;
  /** Takes the sibling's output in attached mode. */
  readonly output: AttachedOutput;
}

/** Where the output of an attached sibling goes, and which signals are passed on to it. */
export interface AttachedOutput {
  write(stream: 'stdout' | 'stderr', data: Uint8Array): Promise<void>;
  /** Calls back with the name of each signal from now on, instead of ending the launch by it. */
  passSignals(to: (signalName: string) => void): void;
}
