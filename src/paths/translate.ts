import { InvalidRequestError } from '../errors.ts';
import type { MountAddition } from '../plan/mounts.ts';
import type { ContainerRecord, MountRequest } from '../runtime/container.ts';
import { type Carried, carriedWith, type Circumstances } from './carried.ts';
import { locate } from './host-path.ts';
import { isWithin } from './kernel-mounts.ts';
import { namedVolume, tmpfs } from './pathless.ts';
import { type PathView, placesOf } from './places.ts';
import { type Refusal, refused } from './refusal.ts';
import { resolve } from './resolve.ts';
import { type Abilities, requestFor } from './request.ts';

export interface TranslatedMounts {
  /** With paths of the engine's host. */
  readonly mounts: readonly MountRequest[];
  /** What is otherwise than somebody may think who looks at our own file system. */
  readonly notes: readonly string[];
}

/**
 * Pure: the mounts that are asked for, in our paths, become what the engine is asked for.
 * @throws InvalidRequestError with all that cannot be given
 */
export function translateMounts(
  additions: readonly MountAddition[],
  self: ContainerRecord,
  view: PathView,
  can: Abilities,
): TranslatedMounts {
  const places = placesOf(self, view);
  const mounts: MountRequest[] = [];
  const carried = new Map<string, MountRequest>();
  const notes: string[] = [];
  const mistakes: string[] = [];
  for (const addition of additions) {
    // What is asked for at a place below replaces all that would be carried there.
    const isReplaced = (path: string): boolean =>
      additions.some(({ target }) => isBelow(target, addition.target) && isWithin(path, target));
    const { request, more } = translated(addition, { places, can, isReplaced });
    if ('problem' in request) {
      mistakes.push(`${addition.text}: ${request.problem}`);
      continue;
    }
    mounts.push(request);
    for (const mount of more.mounts) carried.set(mount.target, mount);
    notes.push(...more.notes.map((note) => `${addition.text}: ${note}`));
  }
  if (mistakes.length > 0)
    throw new InvalidRequestError(mistakes.map((problem) => ({ name: 'OFFSHOOT_MOUNT', problem })));
  return { mounts: [...mounts, ...carried.values()], notes };
}

interface Translated {
  readonly request: MountRequest | Refusal;
  readonly more: Carried;
}

const nothing: Carried = { mounts: [], notes: [] };

function translated(addition: MountAddition, circumstances: Circumstances): Translated {
  switch (addition.type) {
    case 'bind':
      return boundPath(addition, circumstances);
    case 'volume':
      return { request: namedVolume(addition, circumstances.can), more: nothing };
    case 'tmpfs':
      return { request: tmpfs(addition), more: nothing };
    default:
      return addition.type satisfies never;
  }
}

function boundPath(addition: MountAddition, circumstances: Circumstances): Translated {
  const { places, can } = circumstances;
  const { source = '', target, readOnly } = addition;
  const no = ({ problem }: Refusal): Translated => ({ request: refused(`${source} ${problem}`), more: nothing });
  const place = resolve(source, places.view);
  if (typeof place !== 'string') return no(place);
  const found = locate(place, places);
  if (found.kind === 'refused') return no(found);
  const request = requestFor(found, target, addition, can);
  if ('problem' in request) return no(request);
  // Left out, as what the host has mounted below is.
  const more = addition.nonRecursive ? nothing : carriedWith(place, target, { readOnly, ...circumstances });
  const stays = found.readOnly && !readOnly ? [`${target} is read-only in the sibling, as ${source} is here`] : [];
  return { request, more: { ...more, notes: [...stays, ...more.notes] } };
}

function isBelow(path: string, folder: string): boolean {
  return path !== folder && isWithin(path, folder);
}
