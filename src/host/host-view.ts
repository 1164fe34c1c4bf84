import { accessSync, constants, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';

/** What these helpers see of the machine that they run on. */
export interface HostView {
  /** Of the process. */
  readonly uid: number;
  /** `undefined` for what is not there. @throws Error for what is there and may not be read */
  read(path: string): string | undefined;
  /** Without links; `undefined` for what is not there, or lies behind a closed folder. */
  realpath(path: string): string | undefined;
  isSocket(path: string): boolean;
  /** Of a program on a PATH: may it be executed? */
  isProgram(path: string): boolean;
  /** May we write to it, be it a file, a folder or a device? */
  mayWrite(path: string): boolean;
  /** A file with mode 0644, and its folder with 0750 where that is missing. */
  write(path: string, text: string): void;
}

/** The machine as it is now; nothing of it is remembered. */
export function readHost(): HostView {
  return {
    uid: statSync('/proc/self').uid,
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    realpath: (path) => unlessFailed(() => realpathSync(path)),
    isSocket: (path) => unlessFailed(() => statSync(path).isSocket()) ?? false,
    isProgram: (path) =>
      unlessFailed(() => {
        const stats = statSync(path);
        return stats.isFile() && (stats.mode & 0o111) !== 0;
      }) ?? false,
    mayWrite: (path) => unlessFailed(() => (accessSync(path, constants.W_OK), true)) ?? false,
    write(path, text) {
      mkdirSync(posix.dirname(path), { recursive: true, mode: 0o750 });
      writeFileSync(path, text, { mode: 0o644 });
    },
  };
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unlessFailed<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
