import { unpacked } from './download.ts';
import type { InstallOptions } from './types.ts';

/** Path of Debian's registry of images (distribution). Unpacked, not installed: its package makes a user and a service. */
export async function dockerRegistry(options: InstallOptions = {}): Promise<string> {
  const wanted = {
    name: 'docker-registry-2.8',
    suites: ['bookworm'],
    packages: ['docker-registry=2.8.*'],
    file: '/usr/bin/docker-registry',
  };
  return `${await unpacked(wanted, options)}${wanted.file}`;
}
