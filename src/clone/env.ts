import type { LeftOut } from './left-out.ts';

/** Is it a variable that controls offshoot, or the tool that it stands in for? */
export type IsControl = (name: string) => boolean;

export interface EnvInput {
  /** `NAME=value` of self; the engine has the image's own among them. */
  readonly own: readonly string[];
  /** What self's image gives; `undefined` when the sibling is of the same image, or the engine does not tell. */
  readonly ofOwnImage: readonly string[] | undefined;
  readonly isControl: IsControl;
}

/**
 * The variables that somebody set for self. Those that self only had from its image do not travel to another one; a
 * value that somebody set is kept, also where the image has one of that name.
 */
export function cloneEnv({ own, ofOwnImage = [], isControl }: EnvInput): { env: string[]; leftOut: LeftOut[] } {
  const fromImage = new Set(ofOwnImage);
  const env: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of own) {
    const name = nameOf(entry);
    const reason = reasonAgainst(name, entry, isControl, fromImage);
    if (reason === undefined) env.push(entry);
    else leftOut.push({ setting: `env ${name}`, reason });
  }
  return { env, leftOut };
}

function reasonAgainst(
  name: string,
  entry: string,
  isControl: IsControl,
  fromImage: ReadonlySet<string>,
): string | undefined {
  if (isControl(name)) return 'it controls the launcher';
  if (name === 'HOSTNAME') return 'it would name self in the sibling';
  return fromImage.has(entry) ? "it is of self's image" : undefined;
}

/** Later entries replace earlier ones of the same name, in their place. */
export function mergeEnv(...lists: readonly (readonly string[])[]): string[] {
  return [...new Map(lists.flat().map((entry) => [nameOf(entry), entry])).values()];
}

export function nameOf(entry: string): string {
  return entry.split('=', 1)[0] ?? '';
}
