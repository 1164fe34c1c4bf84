import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { posix } from 'node:path';
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
  let denied: string | undefined;
  for (const place of places) {
    const error = await access(place, constants.X_OK).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return place;
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') denied = place;
  }
  if (denied !== undefined) throw new CommandNotExecutableError(`${denied} cannot be executed: permission denied`);
  throw new CommandNotFoundError(`${name}: not found`);
}
