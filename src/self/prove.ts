import { EngineRefusedError, InternalError } from '../errors.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Marks } from './marks.ts';
import { idOfOwnCgroup, idsInMountinfo, layerIn, upperDirOf } from './proc.ts';
import type { Surroundings } from './surroundings.ts';

/** Is this record ours? `open`: nothing speaks for or against it. */
export type Verdict =
  | { readonly is: 'ours'; readonly proof: string }
  | { readonly is: 'foreign' | 'open'; readonly reason: string };

/** What the record alone tells, without asking the engine anything more. */
export function judgeRecord({ state, upperDir }: ContainerRecord, { mounts }: Surroundings): Verdict {
  if (!state.running) return { is: 'foreign', reason: `does not run (${state.status})` };
  const ours = layerIn(upperDirOf(mounts));
  const its = layerIn(upperDir);
  if (ours === undefined || its === undefined)
    return { is: 'open', reason: 'the engine does not tell its writable layer' };
  return ours === its
    ? { is: 'ours', proof: 'our root file system is its writable layer' }
    : { is: 'foreign', reason: 'its writable layer is not our root file system' };
}

export interface ChallengeContext {
  readonly runtime: Runtime;
  readonly surroundings: Surroundings;
  readonly marks: Marks;
  readonly signal: AbortSignal;
}

/**
 * The engine is asked for something that only we can have made just now: first the name of our process, which it must
 * list for the right container and no other; then, where that does not decide, a file in our root file system.
 */
export async function challenge(record: ContainerRecord, context: ChallengeContext): Promise<Verdict> {
  const byProcess = await askForProcess(record, context);
  if (byProcess.is === 'ours' || byProcess.is === 'foreign') return byProcess;
  const byFile = await askForFile(record, context);
  if (byFile.is === 'ours') return byFile;
  if (byProcess.is === 'elsewhere') return { is: 'foreign', reason: byProcess.reason };
  if (byFile.is === 'foreign') return byFile;
  if (isNamedByKernel(record, context.surroundings))
    return { is: 'ours', proof: 'the kernel has our process in its control group' };
  return { is: 'open', reason: `${byProcess.reason}; ${byFile.reason}` };
}

/** `elsewhere`: among its processes, but in another mount namespace than the first of them. */
type ProcessVerdict = Verdict | { readonly is: 'elsewhere'; readonly reason: string };

/**
 * A list of a container's processes holds those of containers nested in it too. So our process must moreover live in
 * the mount namespace of the container's first process.
 */
async function askForProcess(
  { id, state }: ContainerRecord,
  { runtime, marks, signal }: ChallengeContext,
): Promise<ProcessVerdict> {
  const name = marks.processName();
  if (name === undefined) return { is: 'open', reason: 'our process cannot be renamed' };
  const processes = await orUndefined(runtime.processes(id, { signal }), signal);
  const first = processes?.find(({ pid }) => pid === state.pid);
  if (processes === undefined || first === undefined)
    return { is: 'open', reason: 'the engine does not list its processes' };
  const own = processes.find(({ comm }) => comm === name);
  if (own === undefined) return { is: 'foreign', reason: 'our process is not among its processes' };
  if (!/^\d+$/.test(own.mountNamespace))
    return { is: 'open', reason: 'the engine does not tell the namespaces of its processes' };
  return own.mountNamespace === first.mountNamespace
    ? { is: 'ours', proof: 'our process is among its processes' }
    : { is: 'elsewhere', reason: 'our process is in a container nested in it' };
}

async function askForFile({ id }: ContainerRecord, { runtime, marks, signal }: ChallengeContext): Promise<Verdict> {
  const path = marks.file();
  if (path === undefined) return { is: 'open', reason: 'our root file system cannot be written' };
  const there = await orUndefined(runtime.hasFile(id, path, { signal }), signal);
  if (there === undefined) return { is: 'open', reason: 'the engine does not let us look for a file in it' };
  return there
    ? { is: 'ours', proof: 'a file that we have just made is in its root file system' }
    : { is: 'foreign', reason: 'a file that we have just made is not in its root file system' };
}

/** What the engine refuses to tell of one container (it may have ended just now), or tells in a strange way, is not told. */
async function orUndefined<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (signal.aborted || !(error instanceof EngineRefusedError || error instanceof InternalError)) throw error;
    return undefined;
  }
}

/**
 * The weakest of the proofs, as a container nested in ours need not have a control group of its own: it only counts
 * where no file that an engine made for a container tells of yet another one.
 */
function isNamedByKernel({ id, settings }: ContainerRecord, { cgroup, mounts }: Surroundings): boolean {
  return (
    idOfOwnCgroup(cgroup) === id &&
    idsInMountinfo(mounts).every((file) => file.id === id || settings.networkMode === `container:${file.id}`)
  );
}
