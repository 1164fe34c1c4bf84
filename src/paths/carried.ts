import { posix } from 'node:path';
import type { MountRequest } from '../runtime/container.ts';
import { isEngineMade, isOfTheKernel } from './companions.ts';
import { locate } from './host-path.ts';
import { isWithin, type KernelMount, mountsTo } from './kernel-mounts.ts';
import type { Places } from './places.ts';
import { type Abilities, requestFor } from './request.ts';

export interface Carried {
  readonly mounts: readonly MountRequest[];
  /** What lies below the path here and cannot be given. */
  readonly notes: readonly string[];
}

/** What an addition is translated in. */
export interface Circumstances {
  readonly places: Places;
  readonly can: Abilities;
  /** Is something else asked for at that place of the sibling? */
  readonly isReplaced: (target: string) => boolean;
}

/**
 * What the engine has mounted below `place` in our container: on the host it lies elsewhere, so that a mount of the
 * folder alone would leave holes. What the host itself has mounted below comes with the folder.
 */
export function carriedWith(
  place: string,
  target: string,
  { readOnly, can, places, isReplaced }: Circumstances & { readonly readOnly: boolean },
): Carried {
  const mounts: MountRequest[] = [];
  const notes: string[] = [];
  const lost: string[] = [];
  for (const mount of below(place, places)) {
    // What lies in something that is lost would lie in a hole.
    if (lost.some((folder) => isWithin(mount.target, folder))) continue;
    const there = posix.join(target, posix.relative(place, mount.target));
    if (isReplaced(there)) continue;
    const found = locate(mount.target, places);
    const request = found.kind === 'refused' ? found : requestFor(found, there, { readOnly }, can);
    if ('problem' in request) {
      lost.push(mount.target);
      if (!hasItsOwn(mount, there))
        notes.push(`${mount.target} ${request.problem}. The sibling has nothing of it at ${there}`);
    } else if (places.points.has(mount)) mounts.push(request);
  }
  return { mounts, notes };
}

/** Each container gets these from its engine. */
function hasItsOwn(mount: KernelMount, there: string): boolean {
  return there === mount.target && (isEngineMade(mount) || isOfTheKernel(there));
}

function below(place: string, { view, cameAlong }: Places): KernelMount[] {
  return view.mounts.filter(
    (mount) =>
      mount.target !== place &&
      isWithin(mount.target, place) &&
      !cameAlong.has(mount) &&
      mountsTo(mount.target, view.mounts).at(-1) === mount,
  );
}
