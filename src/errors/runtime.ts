import { EngineRefusedError, type ErrorDetails, OffshootError, TimeoutError } from './base.ts';

/** What a call was given is wrong: nothing was sent to the engine. Exit status 64. */
export class InvalidArgumentError extends OffshootError {
  readonly code = 'ERR_INVALID_ARGUMENT';
  readonly exitStatus = 64;
  /** Which argument, or which member of it: `id`, `request.command`. */
  readonly field: string;

  /** `problem`: which value, and what is accepted. */
  constructor(field: string, problem: string, details?: ErrorDetails) {
    super(`${field}: ${problem}`, details);
    this.field = field;
  }
}

export interface Unsupported extends ErrorDetails {
  /** `docker`, `podman`, `nerdctl`, or what somebody registered. */
  readonly runtime?: string | undefined;
  /** As in the interface: `exec.resize`. */
  readonly operation?: string | undefined;
  /** The key in `capabilities()` that tells beforehand. */
  readonly capability?: string | undefined;
  readonly reason?: string | undefined;
}

/** This runtime has no such ability. Exit status 64: another request would work. */
export class NotSupportedError extends OffshootError {
  readonly code = 'ERR_NOT_SUPPORTED';
  readonly exitStatus = 64;
  readonly runtime: string | undefined;
  readonly operation: string | undefined;
  readonly capability: string | undefined;
  readonly reason: string | undefined;

  constructor(message: string, { runtime, operation, capability, reason, ...details }: Unsupported = {}) {
    super(message, details);
    this.runtime = runtime;
    this.operation = operation;
    this.capability = capability;
    this.reason = reason;
  }
}

export type MissingKind =
  | 'container'
  | 'image'
  | 'network'
  | 'volume'
  | 'exec'
  | 'file'
  | 'snapshot'
  | 'task'
  | 'object';

/** What a call is about is not there. Exit status 73. */
export class NotFoundError extends EngineRefusedError {
  override readonly code = 'ERR_NOT_FOUND';
  readonly kind: MissingKind;
  readonly reference: string;

  constructor(kind: MissingKind, reference: string, details?: ErrorDetails) {
    super(`there is no ${kind} ${reference}`, details);
    this.kind = kind;
    this.reference = reference;
  }
}

/** Something of that name is there already. Exit status 73. */
export class AlreadyExistsError extends EngineRefusedError {
  override readonly code: string = 'ERR_ALREADY_EXISTS';
}

/** A container of that name is there, and it is not ours. Exit status 73. */
export class NameTakenError extends AlreadyExistsError {
  override readonly code = 'ERR_NAME_TAKEN';
}

/** It is there, and is another's, or in a state in which it cannot be done. Exit status 73. */
export class ConflictError extends EngineRefusedError {
  override readonly code = 'ERR_CONFLICT';
}

/** A container did not end in time, and was not to be forced. It still runs. Exit status 75. */
export class StopTimeoutError extends TimeoutError {
  override readonly code = 'ERR_STOP_TIMEOUT';
}

/** A container has ended that was to run. Exit status 73. */
export class ContainerExitedError extends EngineRefusedError {
  override readonly code = 'ERR_CONTAINER_EXITED';
  readonly exitCode: number;

  constructor(message: string, exitCode: number, details?: ErrorDetails) {
    super(message, details);
    this.exitCode = exitCode;
  }
}

/** A process in a container could not be run, or its end could not be learned. Exit status 73. */
export class ExecError extends EngineRefusedError {
  override readonly code = 'ERR_EXEC';
}

export interface FailedStep extends ErrorDetails {
  readonly step?: string | undefined;
  readonly output?: readonly string[] | undefined;
}

/** An image could not be built: the builder's own words, without the values of its arguments. Exit status 73. */
export class BuildError extends EngineRefusedError {
  override readonly code = 'ERR_BUILD';
  /** As the builder calls it: `[two 3/4] RUN make`, `Step 3/4 : RUN make`. */
  readonly step: string | undefined;
  /** Its last lines, 20 at most. */
  readonly output: readonly string[];

  constructor(message: string, { step, output = [], ...details }: FailedStep = {}) {
    super(message, details);
    this.step = step;
    this.output = output;
  }
}

/** `docker compose` failed. Exit status 73. */
export class ComposeError extends EngineRefusedError {
  override readonly code = 'ERR_COMPOSE';
  /** Of the compose plugin. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number, details?: ErrorDetails) {
    super(message, details);
    this.exitCode = exitCode;
  }
}
