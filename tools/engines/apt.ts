import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { execa } from 'execa';
import { cacheDir } from './cache.ts';
import type { InstallOptions } from './types.ts';

const logFile = `${cacheDir}/apt.log`;

let queue: Promise<unknown> = Promise.resolve();

/** The system's packages that hold these files: installed when one of the files is missing, without a network otherwise. */
export async function ensurePackages(
  fileToPackage: Record<string, string>,
  options: InstallOptions = {},
): Promise<void> {
  if (missingOf(fileToPackage).length === 0) return;
  // Several engines that start together miss the same packages: the first installs them.
  const turn = queue.then(() => installMissing(fileToPackage, options));
  queue = turn.catch(() => {});
  await turn;
}

async function installMissing(fileToPackage: Record<string, string>, options: InstallOptions): Promise<void> {
  const packages = missingOf(fileToPackage);
  if (packages.length === 0) return;
  options.report?.(`installing ${packages.join(', ')}`);
  // A machine with the vendor's packages of Docker must not lose them to Debian's: then it is an error.
  const install = ['install', '--yes', '--no-install-recommends', '--no-remove', ...packages];
  // Without the signal: a package half installed would be worse than a late answer.
  try {
    await aptGet(install);
  } catch {
    options.signal?.throwIfAborted();
    options.report?.('that failed; trying again with fresh package lists');
    await aptGet(['update']);
    await aptGet(install);
  }
  options.signal?.throwIfAborted();
}

function missingOf(fileToPackage: Record<string, string>): string[] {
  const missing = Object.entries(fileToPackage).filter(([file]) => !existsSync(file));
  return [...new Set(missing.map(([, name]) => name))];
}

// Packages start their services through these two. They are covered in a mount namespace, where nothing can be left behind.
const withoutServices =
  'for file in /usr/sbin/invoke-rc.d /usr/bin/deb-systemd-invoke; do' +
  ' [ ! -e "$file" ] || mount --bind /bin/true "$file"; done; exec "$@"';

/** One apt-get at a time among all our processes: apt waits for dpkg's lock, but gives up at once on that of its lists. */
export async function aptGet(
  args: readonly string[],
  options: { cwd?: string; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  // --no-fork, so that each of these becomes the next, and a signal meets apt-get itself.
  const before = ['--no-fork', `${cacheDir}/apt.lock`, 'unshare', '--mount', 'sh', '-c', withoutServices, 'sh'];
  const output = ['pipe', { file: logFile, append: true }] as const;
  const result = await execa('flock', [...before, 'apt-get', '--quiet', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    ...(options.signal && { cancelSignal: options.signal }),
    ...(options.cwd && { cwd: options.cwd }),
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    all: true,
    reject: false,
  });
  options.signal?.throwIfAborted();
  if (!result.failed) return;
  const tail = result.all.trimEnd().split('\n').slice(-12).join('\n');
  throw new Error(`apt-get ${args.join(' ')} failed (all of its output is in ${logFile}):\n${tail}`, { cause: result });
}
