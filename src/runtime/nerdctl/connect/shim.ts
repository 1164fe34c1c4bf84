import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The process of containerd's that runs a container, by the words of its command line. */
export interface Shim {
  readonly namespace: string;
  /** Of the container that it was started for: of a pod, that is the pod itself. */
  readonly id: string;
  /** containerd's socket, as its host has it. */
  readonly address: string | undefined;
}

/**
 * The shim that our process descends from; undefined without the host's process ids. It knows the namespace and the
 * socket also of containers that nerdctl has not made. A hint, not a proof.
 */
export function shimAround(proc = '/proc'): Shim | undefined {
  const seen = new Set<string>();
  for (let pid = parentOf('self', proc); pid !== undefined && !seen.has(pid); pid = parentOf(pid, proc)) {
    const shim = shimIn(read(`${proc}/${pid}/cmdline`).split('\0'));
    if (shim !== undefined) return shim;
    seen.add(pid);
  }
  return undefined;
}

function shimIn([program = '', ...words]: readonly string[]): Shim | undefined {
  if (!basename(program).startsWith('containerd-shim')) return undefined;
  const valueOf = (flag: string): string | undefined => words[words.indexOf(flag) + 1 || words.length];
  const [namespace, id] = [valueOf('-namespace'), valueOf('-id')];
  return namespace && id ? { namespace, id, address: valueOf('-address') || undefined } : undefined;
}

function parentOf(pid: string, proc: string): string | undefined {
  const parent = /^PPid:\s*(\d+)$/m.exec(read(`${proc}/${pid}/status`))?.[1];
  return parent === '0' ? undefined : parent;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
