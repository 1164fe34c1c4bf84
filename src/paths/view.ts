import { readFileSync, realpathSync } from 'node:fs';
import { type KernelMount, parseKernelMounts } from './kernel-mounts.ts';
import type { PathView } from './places.ts';

/** What is mounted is read once; links are followed when a path is asked for, from our working directory. */
export function readPathView(): PathView {
  return { realpath: (path) => realpathSync.native(path), mounts: readMounts() };
}

/** Without /proc nothing can be told, and each path is refused with that reason. */
function readMounts(): KernelMount[] {
  try {
    return parseKernelMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}
