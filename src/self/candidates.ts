import { idInContainerenv, idInHostname, idsInCgroup, idsInMountinfo } from './proc.ts';
import type { Mount } from './proc.ts';
import type { Surroundings } from './surroundings.ts';

/** A container that could be ours, and what speaks for it. */
export interface Candidate {
  /** Id, beginning of an id, or the name that the user gave. */
  readonly reference: string;
  readonly evidence: readonly string[];
  /** The kernel has it as the innermost container of our control group. */
  readonly inCgroup: boolean;
}

/** Everything that our surroundings hint at, most telling first. None of it is believed before it is proved. */
export function candidatesIn({ mounts, cgroup, containerenv, hostnames }: Surroundings): Candidate[] {
  const hints = [
    ...idsInCgroup(cgroup).map(({ id, innermost }) => ({
      id,
      hint: innermost ? '/proc/self/cgroup' : '/proc/self/cgroup, around another one',
      inCgroup: innermost,
    })),
    ...idsInCgroup(cgroupRoots(mounts)).map(({ id }) => ({
      id,
      hint: 'the mount of a control group',
      inCgroup: false,
    })),
    ...idsInMountinfo(mounts).map(({ id, target }) => ({ id, hint: `the mount of ${target}`, inCgroup: false })),
    ...[idInContainerenv(containerenv)].map((id) => ({ id, hint: '/run/.containerenv', inCgroup: false })),
    ...hostnames.map((name) => ({ id: idInHostname(name), hint: 'the host name', inCgroup: false })),
  ];
  const candidates = new Map<string, Candidate>();
  for (const { id, hint, inCgroup } of hints) {
    if (id === undefined) continue;
    // A short id joins the long one that it begins.
    const reference = [...candidates.keys()].find((known) => known.startsWith(id)) ?? id;
    const known = candidates.get(reference);
    candidates.set(reference, {
      reference,
      evidence: [...new Set([...(known?.evidence ?? []), hint])],
      inCgroup: inCgroup || (known?.inCgroup ?? false),
    });
  }
  return [...candidates.values()];
}

/** What of the control groups is mounted: with cgroup v1 our own part of the tree. */
function cgroupRoots(mounts: readonly Mount[]): string {
  return mounts.flatMap(({ fileSystem, root }) => (fileSystem.startsWith('cgroup') ? [root] : [])).join('\n');
}
