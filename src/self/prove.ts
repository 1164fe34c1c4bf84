import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { ContainerRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { upperDirOf } from './proc.ts';
import type { Surroundings } from './surroundings.ts';

/** Is this record ours? `open`: nothing speaks for or against it. */
export type Verdict =
  | { readonly is: 'ours'; readonly proof: string }
  | { readonly is: 'foreign' | 'open'; readonly reason: string };

/** What the record alone tells, without asking the engine anything more. */
export function judgeRecord({ state, upperDir }: ContainerRecord, { mounts }: Surroundings): Verdict {
  if (!state.running) return { is: 'foreign', reason: `does not run (${state.status})` };
  const ours = upperDirOf(mounts);
  if (ours === undefined || upperDir === undefined)
    return { is: 'open', reason: 'the engine does not tell its writable layer' };
  // Where the options of a mount would get too long, the engine mounts from within its folder, by relative paths.
  const same = upperDir === ours || (!ours.startsWith('/') && upperDir.endsWith(`/${ours}`));
  return same
    ? { is: 'ours', proof: 'our root file system is its writable layer' }
    : { is: 'foreign', reason: 'its writable layer is not our root file system' };
}

/**
 * The engine is asked for something that only we can have made just now: first the name of our process, which it must
 * list for the right container and no other; then, where the engine has no `ps`, a file in our root file system.
 */
export async function challenge(
  record: ContainerRecord,
  candidateInCgroup: boolean,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<Verdict> {
  const byProcess = await processChallenge(record, runtime, signal);
  if (byProcess.is !== 'open') return byProcess;
  const byFile = await fileChallenge(record, runtime, signal);
  if (byFile.is !== 'open') return byFile;
  if (candidateInCgroup) return { is: 'ours', proof: 'the kernel has our process in its control group' };
  return { is: 'open', reason: `${byProcess.reason}; ${byFile.reason}` };
}

const commPath = '/proc/self/comm';

/**
 * A list of a container's processes holds those of containers nested in it too. So our process must moreover live in
 * the mount namespace of the container's first process.
 */
async function processChallenge(
  { id, state }: ContainerRecord,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<Verdict> {
  const nonce = `os-${randomBytes(6).toString('hex')}`;
  let before;
  try {
    before = readFileSync(commPath);
    writeFileSync(commPath, nonce);
  } catch {
    return { is: 'open', reason: 'our process cannot be renamed' };
  }
  try {
    const processes = await runtime.processes(id, { signal });
    const first = processes?.find(({ pid }) => pid === state.pid);
    if (processes === undefined || first === undefined)
      return { is: 'open', reason: 'the engine does not list its processes' };
    const own = processes.find(({ comm }) => comm === nonce);
    if (own === undefined) return { is: 'foreign', reason: 'our process is not among its processes' };
    if (!/^\d+$/.test(own.mountNamespace))
      return { is: 'open', reason: 'the engine does not tell the namespaces of its processes' };
    return own.mountNamespace === first.mountNamespace
      ? { is: 'ours', proof: 'our process is among its processes' }
      : { is: 'foreign', reason: 'our process is in a container nested in it' };
  } finally {
    writeFileSync(commPath, before);
  }
}

/** Folders that are usually writable; one must lie on the root file system itself, as volumes can be shared. */
const folders = ['/', '/tmp', '/var/tmp', '/run', '/opt/offshoot'];

async function fileChallenge({ id }: ContainerRecord, runtime: Runtime, signal: AbortSignal): Promise<Verdict> {
  const path = writeNonce();
  if (path === undefined) return { is: 'open', reason: 'our root file system cannot be written' };
  try {
    const there = await runtime.hasFile(id, path, { signal });
    if (there === undefined) return { is: 'open', reason: 'the engine does not let us look for a file in it' };
    return there
      ? { is: 'ours', proof: 'a file that we have just made is in its root file system' }
      : { is: 'foreign', reason: 'a file that we have just made is not in its root file system' };
  } finally {
    rmSync(path, { force: true });
  }
}

function writeNonce(): string | undefined {
  const name = `.offshoot-${randomBytes(16).toString('hex')}`;
  for (const folder of folders) {
    try {
      if (statSync(folder).dev !== statSync('/').dev) continue;
      const path = posix.join(folder, name);
      writeFileSync(path, '', { flag: 'wx' });
      return path;
    } catch {
      // Not there, read-only, or not ours to write: the next one.
    }
  }
  return undefined;
}
