import { statSync } from 'node:fs';
import { EngineUnavailableError } from '../../../errors.ts';
import { noPermission } from '../wire/failures.ts';

/**
 * That there is a socket, which a path alone does not tell: engines make a directory where what is to be mounted is
 * missing.
 * @throws EngineUnavailableError
 */
export function checkSocket(path: string): void {
  let stats;
  try {
    stats = statSync(path);
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    if (denied) throw noPermission(path, error);
    throw new EngineUnavailableError(`there is no socket of an engine: ${path} does not exist`, {
      cause: error,
      hint: `Mount it: docker run -v /var/run/docker.sock:${path} …, or set DOCKER_HOST.`,
    });
  }
  if (stats.isSocket()) return;
  const kind = stats.isDirectory() ? 'a directory' : 'no socket';
  throw new EngineUnavailableError(`there is no socket of an engine: ${path} is ${kind}`, {
    hint: stats.isDirectory()
      ? 'The engine makes a directory where a path to mount is missing on its host: is there another engine, or another path?'
      : undefined,
  });
}

/** Is nothing there at all? So it is with most places where a socket could be. */
export function isMissing({ cause }: EngineUnavailableError): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}
