import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { aptGet } from './apt.ts';
import { cacheDir } from './cache.ts';
import { sourceLine } from './mirror.ts';
import type { InstallOptions } from './types.ts';

// Not runc: sid's needs a newer libc. Debian 12's is used.
const packages = ['docker-cli', 'containerd'];

/** docker.io and what belongs to it from another suite, unpacked into a folder of the cache; its path. */
export async function unpackedDocker(
  name: string,
  from: { readonly suites: readonly string[]; readonly version?: string },
  options: InstallOptions = {},
): Promise<string> {
  const folder = `${cacheDir}/${name}`;
  if (existsSync(`${folder}/usr/sbin/dockerd`)) return folder;
  await mkdir(cacheDir, { recursive: true });
  const failures: Error[] = [];
  for (const suite of from.suites) {
    const work = await mkdtemp(`${cacheDir}/partial-`);
    try {
      options.report?.(`downloading docker.io ${from.version ?? ''} from Debian ${suite}`);
      await unpack(work, suite, from.version, options);
      // Renamed when complete; another process may have been faster, which is just as well.
      await rename(`${work}/root`, folder).catch(ignoreWhenThere);
      return folder;
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push(error as Error);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  const reasons = failures.map((failure) => failure.message).join('\n');
  throw new AggregateError(
    failures,
    `docker.io ${from.version ?? ''} cannot be had from Debian ${from.suites.join(', ')}:\n${reasons}`,
  );
}

async function unpack(
  work: string,
  suite: string,
  version: string | undefined,
  options: InstallOptions,
): Promise<void> {
  const folders = ['lists/partial', 'cache/archives/partial', 'debs', 'root', 'none'];
  await Promise.all(folders.map((folder) => mkdir(`${work}/${folder}`, { recursive: true })));
  // The machine's own lists, cache and pins stay out of it.
  const settings = {
    'Dir::Etc::sourcelist': `${work}/sources.list`,
    'Dir::Etc::sourceparts': `${work}/none`,
    'Dir::Etc::preferences': `${work}/none/preferences`,
    'Dir::Etc::preferencesparts': `${work}/none`,
    'Dir::State::lists': `${work}/lists`,
    'Dir::Cache': `${work}/cache`,
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::Retries': '3',
    'APT::Sandbox::User': 'root', // apt's own user may not be able to read the folder of the project
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`);
  await writeFile(`${work}/apt.conf`, lines.join(''));
  await writeFile(`${work}/sources.list`, await sourceLine(suite));
  const run = { signal: options.signal, cwd: `${work}/debs` };
  const fetch = async (): Promise<void> => {
    await aptGet(['--config-file', `${work}/apt.conf`, 'update'], run);
    const wanted = [version ? `docker.io=${version}` : 'docker.io', ...packages];
    await aptGet(['--config-file', `${work}/apt.conf`, 'download', ...wanted], run);
  };
  await fetch().catch(async (error: unknown) => {
    if (options.signal?.aborted) throw error;
    await fetch();
  });
  for (const deb of await readdir(`${work}/debs`)) await execa('dpkg', ['-x', `${work}/debs/${deb}`, `${work}/root`]);
}

function ignoreWhenThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
