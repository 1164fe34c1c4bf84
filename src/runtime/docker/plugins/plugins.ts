import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { type Endpoint, formatEndpoint } from '../wire/endpoint.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const systemFolders = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];

/** A plugin, where the docker command line would look for it; it can be run alone. `undefined`: not here. */
export async function pluginProgram(
  name: 'docker-compose' | 'docker-buildx',
  env: Environment,
): Promise<string | undefined> {
  const config = env['DOCKER_CONFIG'] || (env['HOME'] && join(env['HOME'], '.docker'));
  const folders = [...(config ? [join(config, 'cli-plugins')] : []), ...systemFolders];
  for (const file of folders.map((folder) => join(folder, name))) {
    const usable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return file;
  }
  return undefined;
}

/** The way to our engine and its logins, and no more of our environment. */
export function pluginVariables(endpoint: Endpoint, env: Environment): Record<string, string> {
  const tls = endpoint.kind === 'tcp' ? endpoint.tls : undefined;
  const variables = {
    PATH: env['PATH'],
    HOME: env['HOME'],
    DOCKER_CONFIG: env['DOCKER_CONFIG'],
    DOCKER_HOST: formatEndpoint(endpoint),
    DOCKER_TLS_VERIFY: tls && '1',
    DOCKER_CERT_PATH: tls?.certPath,
  };
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
