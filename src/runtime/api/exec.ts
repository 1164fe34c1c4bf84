import type { ByteStream, CallOptions, Data, OutputChunk } from './call.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A process beside a container's first one. */
export interface ExecRequest {
  readonly command: readonly string[];
  /** `NAME=value`, over the container's own. */
  readonly env?: readonly string[] | undefined;
  /** Default: the container's. */
  readonly workingDir?: string | undefined;
  /** `user[:group]`; default: the container's. */
  readonly user?: string | undefined;
  readonly privileged?: boolean | undefined;
}

export interface CapturedExecRequest extends ExecRequest {
  /** Its standard input, which is closed after it; without it there is none. */
  readonly stdin?: Data | ByteStream | undefined;
  /** Of both outputs together; default 64 MiB. @throws ExecError where there is more */
  readonly maxBytes?: number | undefined;
}

export interface StreamedExecRequest extends ExecRequest {
  /** Give it a standard input. */
  readonly stdin?: boolean | undefined;
  /** Give it a terminal, of this size. */
  readonly tty?: boolean | TerminalSize | undefined;
}

export interface ExecResult {
  readonly exitCode: number;
  /** Read as UTF-8. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that runs. Aborting the signal that it was made with ends the connection, and not the process. */
export interface ExecHandle {
  readonly id: string;
  /** Both outputs, in order, as fast as they are taken. */
  readonly output: AsyncIterable<OutputChunk>;
  /** To its standard input. Resolves when the engine takes more. @throws ConflictError without `stdin` */
  write(data: Data): Promise<void>;
  /** Closes its standard input; output goes on. */
  closeStdin(): Promise<void>;
  /** Of its terminal. @throws ConflictError without `tty` */
  resize(size: TerminalSize, options?: CallOptions): Promise<void>;
  /** Resolves when it has ended. What of its output nobody reads is thrown away. */
  wait(): Promise<{ exitCode: number }>;
  /** Ends the connection; the process goes on. */
  close(): void;
}

export interface ExecState {
  readonly running: boolean;
  /** `undefined` while it runs. */
  readonly exitCode: number | undefined;
  /** As the engine's host sees it; 0 where that is not told. */
  readonly pid: number;
}

/**
 * Processes in containers that run. An exit status is no error.
 * All throw NotFoundError, ConflictError where the container does not run, CommandNotFoundError and CommandNotExecutableError.
 */
export interface Exec {
  /** Runs a command to its end, and keeps what it says. @throws ExecError where that is more than `maxBytes` */
  run(id: string, request: CapturedExecRequest, options?: CallOptions): Promise<ExecResult>;
  /** Starts a command to talk with, with a terminal where that is asked for. */
  stream(id: string, request: StreamedExecRequest, options?: CallOptions): Promise<ExecHandle>;
  /** Starts a command, and takes no notice of its output. */
  detached(id: string, request: ExecRequest, options?: CallOptions): Promise<{ id: string }>;
  /** Does it run, and how has it ended? By its own id. Engines forget those that have ended. @throws NotFoundError */
  inspect(execId: string, options?: CallOptions): Promise<ExecState>;
}
