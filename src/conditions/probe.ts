/** Tells of one condition whether it holds now. */
export interface Probe {
  /** The condition, for people. */
  readonly text: string;
  /** What is in the way; `undefined` when it holds. What it throws is in the way, too. */
  obstacle(signal: AbortSignal): Promise<string | undefined>;
  /** Resolves when it is worth asking again, where something tells; it does not reject. */
  changed?(signal: AbortSignal): Promise<void>;
}
