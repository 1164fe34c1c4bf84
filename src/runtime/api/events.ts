import type { CallOptions } from './call.ts';

export interface RuntimeEvent {
  readonly at: Date;
  /** `container`, `image`, `network`, `volume` …; `engine` for our own word about the connection. */
  readonly type: string;
  /** Docker's: `create`, `start`, `die`, `stop`, `kill`, `pause`, `unpause`, `restart`, `destroy` …; of `engine`: `reconnected`. */
  readonly action: string;
  /** What comes after a colon: the command of `exec_start`, the health of `health_status`. */
  readonly detail?: string | undefined;
  readonly id: string;
  readonly name: string | undefined;
  /** Labels, and what the engine says beside them. */
  readonly attributes: Readonly<Record<string, string>>;
  /** It was not told: the difference between what was and what is says that it happened, at some time before. */
  readonly inferred?: true;
}

export interface EventOptions extends CallOptions {
  /** All of these; `true`: with any value. */
  readonly labels?: Readonly<Record<string, string | true>> | undefined;
  /** Default: `container`. */
  readonly types?: readonly string[] | undefined;
  /** Those of the past first, as far as the engine keeps them. */
  readonly since?: Date | undefined;
  /** How many wait for a slow consumer before some are dropped; default 128. */
  readonly bufferSize?: number | undefined;
  /** After so long without an event the engine is asked whether it is there and nothing was missed; default 30 000. */
  readonly idleCheckMs?: number | undefined;
}

/** Ends with the signal, `close` or the end of a loop over it; an engine that goes away is waited for. */
export interface EventStream extends AsyncIterable<RuntimeEvent> {
  /** Events that a slow consumer did not get. */
  readonly dropped: number;
  /** Ends the stream. */
  close(): void;
}

export interface Events {
  /** What happens on the engine, by labels and types. Resolves once the engine tells: nothing that happens afterwards is missed. */
  events(options?: EventOptions): Promise<EventStream>;
}
