export interface ErrorDetails {
  /** What the user can do about it, one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

export abstract class OffshootError extends Error {
  /** Stable across releases, for programs. */
  abstract readonly code: string;
  /** The process's exit status when this error ends it: see the table in README.md. */
  abstract readonly exitStatus: number;
  readonly hint: string | undefined;

  constructor(message: string, { hint, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** The engine refused what it was asked for. Exit status 73. */
export class EngineRefusedError extends OffshootError {
  readonly code: string = 'ERR_ENGINE_REFUSED';
  readonly exitStatus: number = 73;
}

/** Something took longer than it may; trying again can help. Exit status 75. */
export class TimeoutError extends OffshootError {
  readonly code: string = 'ERR_TIMEOUT';
  readonly exitStatus = 75;
}
