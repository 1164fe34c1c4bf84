import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Mount, parseMountinfo } from './proc.ts';

/** What can be seen from inside, read once. A file that is not there or may not be read is empty. */
export interface Surroundings {
  readonly mounts: readonly Mount[];
  readonly cgroup: string;
  readonly containerenv: string;
  /** Of the kernel, and of the file that an engine writes: with `--uts host` they differ. */
  readonly hostnames: readonly string[];
}

/** `/proc/self` alone: with `--pid host` process 1 is the host's. `$HOSTNAME` is left out, as anybody can set it. */
export function readSurroundings(): Surroundings {
  return {
    mounts: parseMountinfo(readText('/proc/self/mountinfo')),
    cgroup: readText('/proc/self/cgroup'),
    containerenv: readText('/run/.containerenv'),
    hostnames: [...new Set([hostname(), readText('/etc/hostname').trim()])],
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
