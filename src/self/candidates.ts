import { idInContainerenv, idInHostname, idsInCgroup, idsInMountinfo } from './proc.ts';
import type { Mount } from './proc.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Surroundings } from './surroundings.ts';

/** A container that could be ours, and what speaks for it. */
export interface Candidate {
  /** Id, beginning of an id, or the name that the user gave. */
  readonly reference: string;
  readonly evidence: readonly string[];
}

/** Everything that our surroundings hint at, most telling first. None of it is believed before it is proved. */
export function candidatesIn(
  { mounts, cgroup, containerenv, hostnames }: Surroundings,
  likely?: Runtime['likelySelf'],
): Candidate[] {
  const hints = [
    { id: likely?.reference, hint: likely?.evidence ?? '' },
    ...idsInCgroup(cgroup).map(({ id, innermost }) => ({
      id,
      hint: innermost ? '/proc/self/cgroup' : '/proc/self/cgroup, around another one',
    })),
    ...idsInCgroup(cgroupRoots(mounts)).map(({ id }) => ({ id, hint: 'the mount of a control group' })),
    ...idsInMountinfo(mounts).map(({ id, target }) => ({ id, hint: `the mount of ${target}` })),
    { id: idInContainerenv(containerenv), hint: '/run/.containerenv' },
    ...hostnames.map((name) => ({ id: idInHostname(name), hint: 'the host name' })),
  ];
  const evidence = new Map<string, Set<string>>();
  for (const { id, hint } of hints) {
    if (id === undefined) continue;
    // A short id joins the long one that it begins.
    const reference = [...evidence.keys()].find((known) => known.startsWith(id)) ?? id;
    evidence.set(reference, (evidence.get(reference) ?? new Set()).add(hint));
  }
  return [...evidence].map(([reference, found]) => ({ reference, evidence: [...found] }));
}

/** What of the control groups is mounted: with cgroup v1 our own part of the tree. */
function cgroupRoots(mounts: readonly Mount[]): string {
  return mounts.flatMap(({ fileSystem, root }) => (fileSystem.startsWith('cgroup') ? [root] : [])).join('\n');
}
