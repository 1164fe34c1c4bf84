import type { Context } from './context.ts';
import type { LeftOut, Part } from './left-out.ts';

/**
 * The variables that somebody set for self. Those that self only had from its image do not travel to another one; a
 * value that somebody set is kept, also where the image has one of that name.
 */
export function cloneEnv({ own, selfImage, sameImage, subtracted, request }: Context): Part {
  const { isControl, keepsEnv = () => true } = request;
  const fromImage = new Set(subtracted.env);
  const namesOfImage = new Set(sameImage ? selfImage?.env?.map(nameOf) : []);
  const env: string[] = [];
  const leftOut: LeftOut[] = [];
  // Of two with one name the last one counts.
  for (const entry of mergeEnv(own.env ?? [])) {
    const name = nameOf(entry);
    const reason = reasonAgainst(name);
    if (reason === undefined && !fromImage.has(entry)) env.push(entry);
    else leftOut.push({ setting: `env ${name}`, reason: reason ?? "it is of self's image" });
    // A name without a value takes the variable away that the image would give.
    if (reason === unwanted && namesOfImage.has(name)) env.push(name);
  }
  return { settings: { env: mergeEnv(env, request.env ?? []) }, leftOut };

  function reasonAgainst(name: string): string | undefined {
    if (isControl(name)) return 'it controls the launcher';
    if (name === 'HOSTNAME') return 'it would name self in the sibling';
    return keepsEnv(name) ? undefined : unwanted;
  }
}

const unwanted = 'OFFSHOOT_KEEP_ENV or OFFSHOOT_DROP_ENV leaves it behind';

/** Later entries replace earlier ones of the same name, in their place. */
export function mergeEnv(...lists: readonly (readonly string[])[]): string[] {
  return [...new Map(lists.flat().map((entry) => [nameOf(entry), entry])).values()];
}

export function nameOf(entry: string): string {
  return entry.split('=', 1)[0] ?? '';
}
