import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A place where logins are kept. */
export interface Source {
  /** For people: the variable, or the path. */
  readonly name: string;
  /** `undefined`: there is none. @throws Error */
  read(): string | undefined;
}

/** In the order in which they count. */
export function sourcesIn(env: Environment): Source[] {
  const { DOCKER_AUTH_CONFIG: text, DOCKER_AUTH_CONFIG_FILE: file } = env;
  return [
    ...(text ? [{ name: 'DOCKER_AUTH_CONFIG', read: () => text }] : []),
    ...(!text && file ? [{ name: `${file} (DOCKER_AUTH_CONFIG_FILE)`, read: () => readFileSync(file, 'utf8') }] : []),
    fileSource(configFile(env)),
  ];
}

/** As the docker command line finds it: with `DOCKER_CONFIG` nothing is looked for at home. */
function configFile(env: Environment): string {
  return posix.join(env['DOCKER_CONFIG'] || posix.join(env['HOME'] || homedir(), '.docker'), 'config.json');
}

function fileSource(path: string): Source {
  return {
    name: path,
    read() {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        throw error;
      }
    },
  };
}
