import type { FlagTexts } from './argv.ts';
import type { Inheritance } from './inherit.ts';

/** Environment variables by name; an empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface PlanInput {
  readonly env: Environment;
  readonly flags?: FlagTexts;
  /** The words after `--`, where there was one. */
  readonly command?: readonly string[] | undefined;
  readonly now: Date;
  /** What is inherited where nothing else is asked for; default: all. */
  readonly inherit?: Inheritance | undefined;
  /** Reads the file that a `…_FILE` variable names. */
  readFile(path: string): string;
}
