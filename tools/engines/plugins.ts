import { mkdir, rm, symlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { unpacked } from './download.ts';
import type { InstallOptions } from './types.ts';

const folder = '/usr/libexec/docker/cli-plugins';

/** Path of the program behind `docker compose`. Goes with every engine here, also with Docker 20.10 and Podman. */
export function composePlugin(options: InstallOptions = {}): Promise<string> {
  return plugin('docker-compose', '2.40', options);
}

/** Path of the program behind `docker buildx`. Podman has no BuildKit for it. */
export function buildxPlugin(options: InstallOptions = {}): Promise<string> {
  return plugin('docker-buildx', '0.29', options);
}

/** Makes commands of the docker command line out of plugins, for whom that folder is DOCKER_CONFIG. */
export async function addPlugins(configFolder: string, programs: readonly string[]): Promise<void> {
  await mkdir(`${configFolder}/cli-plugins`, { recursive: true });
  for (const program of programs) {
    const link = `${configFolder}/cli-plugins/${basename(program)}`;
    await rm(link, { force: true });
    await symlink(program, link);
  }
}

/** sid's plugins run on Debian 12's libc, unlike its runc. */
async function plugin(name: string, version: string, options: InstallOptions): Promise<string> {
  const file = `${folder}/${name}`;
  const packages = [`${name}=${version}.*`];
  const wanted = { name: `${name}-${version}`, suites: ['sid', 'testing'], packages, file };
  return `${await unpacked(wanted, options)}${file}`;
}
