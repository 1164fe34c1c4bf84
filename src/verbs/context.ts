import type { StageOptions } from '../events.ts';
import type { AskingLine } from '../plan/argv.ts';
import type { Environment } from '../plan/input.ts';
import type { TerminalSize } from '../runtime/runtime.ts';

/** What a verb gets of the process that it runs in. */
export interface VerbContext extends StageOptions {
  readonly env: Environment;
  /**
   * Resolves when whoever reads has taken it: a slow reader slows us down. Rejects where nobody reads any more, with
   * the system's error (EPIPE).
   */
  readonly write: (data: string | Uint8Array, stream?: 'stdout' | 'stderr') => Promise<void>;
  readonly stdin: Stdin;
  readonly stdout: Stdout;
  /** Reads the file that a `…_FILE` variable names. */
  readonly readFile: (path: string) => string;
}

export interface Stdin {
  readonly isTerminal: boolean;
  chunks(): AsyncIterable<Uint8Array>;
  /** Each key as it is pressed, also Ctrl-C; what it returns sets it back. */
  raw(): () => void;
  /** Nobody is interested any more. */
  close(): void;
}

export interface Stdout {
  readonly isTerminal: boolean;
  /** Of the terminal, where it is one. */
  size(): TerminalSize | undefined;
  /** What it returns ends it. */
  onResize(listener: () => void): () => void;
}

/** One verb: what it was asked, and its exit status. */
export type RunVerb = (line: AskingLine, context: VerbContext) => Promise<number>;
