import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { kill } from 'node:process';

/** The user namespace of a process; `undefined`: it is gone, or we may not look. */
export function userNamespace(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/user`);
  } catch {
    return undefined;
  }
}

/** Every process in it that has not ended. */
export function processesIn(namespace: string): number[] {
  return allProcesses().filter((pid) => userNamespace(pid) === namespace && isAlive(pid));
}

/** The user namespaces, other than our own, of the processes that this one has started. */
export function namespacesBelow(parent: number): string[] {
  const children = allProcesses().filter((pid) => parentOf(pid) === parent);
  const found = children.map(userNamespace).filter((namespace) => namespace !== undefined);
  return [...new Set(found)].filter((namespace) => namespace !== userNamespace('self'));
}

export function parentOf(pid: number): number | undefined {
  return Number(/^PPid:\s*(\d+)$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1]) || undefined;
}

/** As the kernel has it, 15 characters at most. */
export function nameOf(pid: number): string {
  return readText(`/proc/${pid}/comm`)?.trim() ?? '';
}

/** Does it still do anything? Who has ended stays in the table until somebody has asked how. */
export function isAlive(pid: number): boolean {
  return /^State:\s*[^ZX\s]/m.test(readText(`/proc/${pid}/status`) ?? '');
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whoever has ended meanwhile is no concern. */
export function signalTo(pid: number, name: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return kill(pid, name);
  } catch {
    return false;
  }
}
