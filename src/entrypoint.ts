import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { nearest } from './plan/nearest.ts';
import { verbNames } from './plan/verbs.ts';
import { CommandNotExecutableError, CommandNotFoundError, InvalidRequestError } from './errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The file that the image's own command names: what `exec "$@"` does in a shell, for images without one.
 * @throws InvalidRequestError, CommandNotFoundError, CommandNotExecutableError
 */
export async function resolveCommand(words: readonly string[], env: Environment): Promise<string> {
  const [name] = words;
  if (name === undefined || name === '') {
    throw new InvalidRequestError([
      { name: 'OFFSHOOT_IMAGE', problem: 'is not set, and there is no command to run instead' },
    ]);
  }
  const places = name.includes('/')
    ? [name]
    : (env['PATH'] || '/usr/bin:/bin').split(':').map((folder) => posix.join(folder || '.', name));
  let refused: Error | undefined;
  for (const place of places) {
    const reason = await reasonAgainst(place);
    if (reason === undefined) return place;
    if (reason !== 'not found') refused ??= new CommandNotExecutableError(`${place} cannot be executed: ${reason}`);
  }
  throw refused ?? new CommandNotFoundError(`${name}: not found`, { hint: hintFor(name) });
}

/** It may have been meant for us. */
function hintFor(name: string): string | undefined {
  const near = name.length > 3 ? nearest(name, verbNames) : undefined;
  return near === undefined ? undefined : `Did you mean offshoot ${near}? offshoot --help lists what there is.`;
}

async function reasonAgainst(place: string): Promise<string | undefined> {
  try {
    if ((await stat(place)).isDirectory()) return 'is a directory';
    await access(place, constants.X_OK);
    return undefined;
  } catch (error) {
    return codeOf(error) === 'EACCES' ? 'permission denied' : 'not found';
  }
}

/** Why the kernel would not execute a file that looked well: another machine's program, one without its loader. */
export function executionError(file: string, error: unknown): Error {
  const code = codeOf(error);
  if (code === 'ENOENT') return new CommandNotFoundError(`${file}: its interpreter is not found`, { cause: error });
  return new CommandNotExecutableError(`${file} cannot be executed: ${code ?? String(error)}`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
