import { EngineRefusedError, type ErrorDetails, OffshootError, TimeoutError } from './errors/base.ts';

/**
 * Every failure that a user can meet, as one small family of errors. Each has a stable `code`, the exit status that
 * goes with it, a one-line `message` (what, and which value) and, where there is one, a `hint` (how to mend it).
 * Engine errors are translated into these once, in the adapter; nothing above it looks at HTTP codes.
 */
export * from './errors/base.ts';
export * from './errors/runtime.ts';

/** One thing that is wrong with a request. */
export interface RequestMistake {
  /** The variable or flag, as the user wrote it. */
  readonly name: string;
  /** What is wrong with which value, and what is accepted. */
  readonly problem: string;
}

/** The request itself is wrong. Lists every mistake, not only the first. Exit status 64. */
export class InvalidRequestError extends OffshootError {
  readonly code = 'ERR_INVALID_REQUEST';
  readonly exitStatus = 64;
  readonly mistakes: readonly RequestMistake[];

  constructor(mistakes: readonly RequestMistake[], details?: ErrorDetails) {
    super(mistakes.map(({ name, problem }) => `${name}: ${problem}`).join('\n'), details);
    this.mistakes = mistakes;
  }
}

/** A candidate for the container we run in, and why it was not taken. */
export interface RefusedCandidate {
  readonly reference: string;
  readonly evidence: readonly string[];
  readonly reason: string;
}

/** It could not be proved which container we are. Exit status 65. */
export class SelfNotFoundError extends OffshootError {
  readonly code = 'ERR_SELF_NOT_FOUND';
  readonly exitStatus = 65;
  readonly tried: readonly RefusedCandidate[];

  constructor(message: string, tried: readonly RefusedCandidate[], details?: ErrorDetails) {
    const lines = tried.map(({ reference, evidence, reason }) => `  ${reference}: ${reason} (${evidence.join('; ')})`);
    super([message, ...lines].join('\n'), details);
    this.tried = tried;
  }
}

/** Why an image cannot be had; stable, for programs. */
export type ImageFailure =
  | 'not-found' // no such image or tag
  | 'denied' // the registry refuses: a login is needed, or the one that was sent is not enough
  | 'platform' // none for the platform
  | 'rate-limit'
  | 'no-space' // on the engine's disk
  | 'network' // the engine cannot reach the registry
  | 'digest' // what arrived is not what its digest says
  | 'broken' // the registry, or the transfer, failed on its way
  | 'unknown'; // for a reason that the engine does not tell, or that we do not know

export interface ImageErrorDetails extends ErrorDetails {
  readonly reason?: ImageFailure | undefined;
  /** May it work a moment later? */
  readonly temporary?: boolean;
  /** Milliseconds after which the registry wants to be asked again, where it says so. */
  readonly retryAfterMs?: number | undefined;
}

/** The image cannot be had: not found, denied, no such platform, a broken transfer. Exit status 66. */
export class ImageUnavailableError extends OffshootError {
  readonly code = 'ERR_IMAGE_UNAVAILABLE';
  readonly exitStatus = 66;
  readonly reason: ImageFailure;
  readonly temporary: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    { reason = 'unknown', temporary = false, retryAfterMs, ...details }: ImageErrorDetails = {},
  ) {
    super(message, details);
    this.reason = reason;
    this.temporary = temporary;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No engine answers: no socket, no permission, no answer. Exit status 69. */
export class EngineUnavailableError extends OffshootError {
  readonly code = 'ERR_ENGINE_UNAVAILABLE';
  readonly exitStatus = 69;
}

/** A fault in offshoot, or an answer of the engine that offshoot does not understand. Exit status 70. */
export class InternalError extends OffshootError {
  readonly code = 'ERR_INTERNAL';
  readonly exitStatus = 70;
}

/** The sibling was started, and is not what was asked for (OFFSHOOT_READY). Exit status 73. */
export class NotReadyError extends OffshootError {
  readonly code = 'ERR_NOT_READY';
  readonly exitStatus = 73;
  /** The sibling's, where it has ended and its engine tells. */
  readonly exitCode: number | undefined;

  constructor(message: string, exitCode: number | undefined, details?: ErrorDetails) {
    super(message, details);
    this.exitCode = exitCode;
  }
}

/** The container's command is there but cannot be run. Exit status 126, as from `docker run`. */
export class CommandNotExecutableError extends EngineRefusedError {
  override readonly code = 'ERR_COMMAND_NOT_EXECUTABLE';
  override readonly exitStatus = 126;
}

/** The container's command is not in its image. Exit status 127, as from `docker run`. */
export class CommandNotFoundError extends EngineRefusedError {
  override readonly code = 'ERR_COMMAND_NOT_FOUND';
  override readonly exitStatus = 127;
}

/** What was waited for has not come: conditions, or readiness. Exit status 75, as all that took too long. */
export class NotInTimeError extends TimeoutError {}

/** One rule of the policy that a request breaks. */
export interface PolicyViolation {
  /** The member of the policy: `images`, `mounts` … */
  readonly rule: string;
  /** What is asked for, and what is allowed. Never a secret. */
  readonly problem: string;
}

/** The policy that is baked into our image forbids it. Lists every rule that is broken. Exit status 77. */
export class PolicyError extends OffshootError {
  readonly code = 'ERR_POLICY';
  readonly exitStatus = 77;
  readonly violations: readonly PolicyViolation[];

  constructor(file: string, violations: readonly PolicyViolation[], details?: ErrorDetails) {
    const lines = violations.map(({ rule, problem }) => `  ${rule}: ${problem}`);
    super([`the policy of this image (${file}) forbids it:`, ...lines].join('\n'), details);
    this.violations = violations;
  }
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;
export type EndingSignal = keyof typeof signalNumbers;
/** The signals that end a launch, which is then undone. */
export const endingSignals: readonly EndingSignal[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'];

/** A signal ended us. Exit status 128 + its number. */
export class CancelledError extends OffshootError {
  readonly code = 'ERR_CANCELLED';
  readonly exitStatus: number;
  readonly signal: EndingSignal;

  constructor(signal: EndingSignal) {
    super(`cancelled by ${signal}`);
    this.signal = signal;
    this.exitStatus = 128 + signalNumbers[signal];
  }
}

/** The one line that a person or a log gets, with the hint where there is one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = error instanceof OffshootError ? error.hint : undefined;
  return hint === undefined ? error.message : `${error.message}\n${hint}`;
}

/** The exit status for anything that was thrown: the error's own, else 70. */
export function exitStatusOf(error: unknown): number {
  return error instanceof OffshootError ? error.exitStatus : 70;
}
