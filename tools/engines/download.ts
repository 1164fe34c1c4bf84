import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { aptGet } from './apt.ts';
import { cacheDir } from './cache.ts';
import { sourceLine } from './mirror.ts';
import type { InstallOptions } from './types.ts';

/** Packages of another suite of Debian, which are not installed but unpacked into a folder of the cache. */
export interface Download {
  /** Of the folder. */
  readonly name: string;
  /** Tried in order. */
  readonly suites: readonly string[];
  /** As apt takes them: `docker.io=28.*`. */
  readonly packages: readonly string[];
  /** One of the files in them: where it is, nothing is downloaded. */
  readonly file: string;
}

/** The folder's path. */
export async function unpacked(wanted: Download, options: InstallOptions = {}): Promise<string> {
  const { name, suites, packages, file } = wanted;
  const folder = `${cacheDir}/${name}`;
  if (existsSync(`${folder}${file}`)) return folder;
  await mkdir(cacheDir, { recursive: true });
  const failures: Error[] = [];
  for (const suite of suites) {
    const work = await mkdtemp(`${cacheDir}/partial-`);
    try {
      options.report?.(`downloading ${packages.join(', ')} from Debian ${suite}`);
      await unpack(work, suite, packages, options);
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
    `${packages.join(', ')} cannot be had from Debian ${suites.join(', ')}:\n${reasons}`,
  );
}

async function unpack(
  work: string,
  suite: string,
  packages: readonly string[],
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
    await aptGet(['--config-file', `${work}/apt.conf`, 'download', ...packages], run);
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
