import { ensurePackages, installEngine, type InstallOptions } from '../engines/index.ts';
import type { ContainerdVersion } from './types.ts';

/** Where Debian has the plugins; nerdctl's own default is another folder. */
export const cniFolder = '/usr/lib/cni';

/** Names of programs, and where this machine has them. */
export type Programs = ReadonlyMap<string, string>;

/** Makes sure that what a host of containerd needs is on this machine, except nerdctl: that is in no package. */
export async function installContainerd(version: ContainerdVersion, options: InstallOptions): Promise<Programs> {
  const { containerd } = await installEngine(version === '2' ? 'docker-28.5' : 'docker-20.10', options);
  await ensurePackages({ [`${cniFolder}/bridge`]: 'containernetworking-plugins' }, options);
  const folder = containerd.slice(0, containerd.lastIndexOf('/'));
  const programs = ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((name) => [name, `${folder}/${name}`] as const);
  // For `run --init`: static, because the container may have no libc.
  return new Map([...programs, ['tini', '/usr/bin/tini-static']]);
}
