import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const systemFolders = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];

/** The compose plugin, where the docker command line would look for it; it can be run alone. `undefined`: not here. */
export async function composeProgram(env: Environment): Promise<string | undefined> {
  const config = env['DOCKER_CONFIG'] || (env['HOME'] && join(env['HOME'], '.docker'));
  const folders = [...(config ? [join(config, 'cli-plugins')] : []), ...systemFolders];
  for (const file of folders.map((folder) => join(folder, 'docker-compose'))) {
    const usable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return file;
  }
  return undefined;
}
