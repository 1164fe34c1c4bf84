/** What every call takes, last. */
export interface CallOptions {
  /** Aborted, the call rejects within milliseconds with its reason, and leaves no socket, stream or process behind. */
  readonly signal?: AbortSignal | undefined;
}

export interface OutputChunk {
  /** What has a terminal has only `stdout`. */
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

/** Bytes, or text that is sent as UTF-8. */
export type Data = Uint8Array | string;

/** Reads as fast as it is taken. */
export type ByteStream = AsyncIterable<Uint8Array>;
