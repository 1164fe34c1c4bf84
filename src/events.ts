/**
 * What offshoot tells while it works. Stages report events; only the renderers in `report/` turn them into lines.
 * Names of events and of their fields are a contract: programs read them as JSON lines.
 */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export type EventName =
  | 'engine' // the engine was found
  | 'self' // it was proved which container we are
  | 'image' // the image is on the engine
  | 'pull' // a pull makes progress
  | 'left-out' // a setting of self that the sibling does not get, with the reason
  | 'warning' // something the user should know
  | 'created' // a container was created
  | 'existing' // the container of this key was there already
  | 'started' // a container was started
  | 'scheduled' // the waiter runs; the sibling starts at its deadline
  | 'waiting' // the waiter's launcher waits for its deadline, or for conditions
  | 'condition' // one of the conditions holds now, or does not
  | 'ready' // the sibling is what OFFSHOOT_READY asks for
  | 'not-ready' // it is not, with its exit code and the end of its log
  | 'undone' // something that was made has been removed again
  | 'doctor' // after a launch has failed: what else is not as it should be, and how to mend it
  | 'result' // attached mode: the result, as stdout is the sibling's
  | 'error';

export interface OffshootEvent {
  readonly level: LogLevel;
  readonly event: EventName;
  /** For people; never holds the value of a cloned variable or a credential. */
  readonly message: string;
  /** For programs: ids, names, counts. */
  readonly [field: string]: unknown;
}

export type Reporter = (event: OffshootEvent) => void;

/** What every stage takes beside its input. */
export interface StageOptions {
  readonly signal: AbortSignal;
  readonly report: Reporter;
}
