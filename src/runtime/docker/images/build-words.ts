import { BuildError } from '../../../errors.ts';

/** Shorter ones stand in every text, and keep no secret. */
const shortestHidden = 3;
const lastLines = 20;

/** Both builders say commands with the values of their arguments in them: `$NAME` stands for each. */
export function withoutValues(values: Readonly<Record<string, string>>): (text: string) => string {
  const known = Object.entries(values)
    // What is told comes line by line.
    .flatMap(([name, value]) => [value, ...value.split(/\r?\n/)].map((part) => [name, part] as const))
    .filter(([, value]) => value.length >= shortestHidden)
    .toSorted(([, left], [, right]) => right.length - left.length);
  return (text) => known.reduce((said, [name, value]) => said.replaceAll(value, () => `$${name}`), text);
}

/** The last lines of what a step says. */
export class Tail {
  readonly #lines: string[] = [];

  add(text: string): void {
    this.#lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
    this.#lines.splice(0, this.#lines.length - lastLines);
  }

  get lines(): readonly string[] {
    return [...this.#lines];
  }
}

export interface FailedBuild {
  /** The builder's words for what went wrong. */
  readonly reason: string;
  readonly step?: string | undefined;
  /** The last lines that it has said. */
  readonly output?: readonly string[];
}

export function failedBuild({ reason, step, output = [] }: FailedBuild, hidden: (text: string) => string): BuildError {
  const where = step === undefined ? '' : ` at ${JSON.stringify(hidden(step))}`;
  const said = output.map(hidden);
  const last = said.length === 0 ? '' : `; it said: ${said.slice(-3).join(' | ')}`;
  return new BuildError(`the image could not be built${where}: ${hidden(reason)}${last}`, {
    step: step === undefined ? undefined : hidden(step),
    output: said,
  });
}
