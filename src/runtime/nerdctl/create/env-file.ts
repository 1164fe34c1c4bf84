import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { NotSupportedError } from '../../../errors.ts';

/** How the variables of a container reach nerdctl: never on a command line, which everybody on the host can read. */
export interface EnvFile {
  readonly args: readonly string[];
  /** Beside PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
  /** To be given to nerdctl as its number 3. */
  readonly file: number | undefined;
  close(): void;
}

/**
 * Lines of a file that has no name, opened before: it is found through /proc also after a change of the mount namespace.
 * What no line can hold (a new line, blanks at an end, more than 64 KiB) goes into nerdctl's own environment; the
 * container's hooks see it there, whose spec holds the value anyway. A variable that nerdctl would obey cannot.
 * @throws NotSupportedError for such a variable
 */
export function envFile(env: readonly string[], folders: readonly string[] = usualFolders): EnvFile {
  const entries = env.map((entry) => (entry.includes('=') ? entry : `${entry}=`));
  const fitting = entries.filter(fitsLine);
  const file = fitting.length === 0 ? undefined : namelessFile(fitting, folders);
  const others = file === undefined ? entries : entries.filter((entry) => !fitsLine(entry));
  const passed = others.map((entry): [string, string] => {
    const at = entry.indexOf('=', 1);
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  const steering = passed.find(([name]) => steers.test(name));
  if (steering !== undefined) {
    if (file !== undefined) closeSync(file);
    throw new NotSupportedError(`nerdctl cannot be given the variable ${steering[0]} with such a value`, {
      hint: `It would obey it itself. Leave it behind (OFFSHOOT_DROP_ENV=${steering[0]}), or give a value without line breaks.`,
    });
  }
  return {
    args: [
      ...(file === undefined ? [] : ['--env-file', '/proc/self/fd/3']),
      ...passed.flatMap(([name]) => ['--env', name]),
    ],
    env: Object.fromEntries(passed),
    file,
    close: () => void (file !== undefined && closeSync(file)),
  };
}

/** Read as Go's scanner does: trimmed lines, those with a # are comments, and none is longer than this. */
function fitsLine(entry: string): boolean {
  return entry.trim() === entry && !/[\n\r]|^#/.test(entry) && Buffer.byteLength(entry) < 65_000;
}

/** Of nerdctl, of Go, of the loader, and of what its hooks run. */
export const steers: RegExp =
  /^(?:PATH|HOME|TMPDIR|USER|UID|SHELL|IFS|LD_.*|GO.*|CONTAINERD_.*|NERDCTL_.*|_NERDCTL_.*|ROOTLESSKIT_.*|CNI_.*|NETCONFPATH|XDG_.*|DOCKER_.*|BUILDKIT_.*|IPFS_.*|DBUS_.*|NOTIFY_SOCKET|CGROUP_.*|SSL_.*|(?:HTTPS?|NO|ALL|FTP)_PROXY|BUILDCTL.*|REGISTRY_.*|GODEBUG)$/i;

/** Memory before disks. */
const usualFolders = ['/dev/shm', '/run', '/tmp', '/var/tmp', '/'];

function namelessFile(lines: readonly string[], folders: readonly string[]): number | undefined {
  const name = `.offshoot-${randomBytes(16).toString('hex')}`;
  for (const folder of folders) {
    try {
      const path = `${folder}/${name}`;
      const file = openSync(path, 'wx+', 0o600);
      unlinkSync(path);
      writeSync(file, lines.map((line) => `${line}\n`).join(''));
      return file;
    } catch {
      // Not there, full, or not ours to write: the next one.
    }
  }
  return undefined;
}
