import type { MountRequest } from '../runtime/container.ts';
import type { HostPath } from './host-path.ts';
import { type Refusal, refused } from './refusal.ts';

/** What the engine can do, as far as mounts depend on it. */
export interface Abilities {
  /** API 1.45 and newer: a volume can be mounted in part. */
  readonly volumeSubpath: boolean;
}

/** What an addition says beside the path. */
export interface Wishes {
  readonly readOnly: boolean;
  readonly propagation?: string | undefined;
  readonly nonRecursive?: boolean | undefined;
}

/** The mount that gives the path to a sibling at `target`. */
export function requestFor(found: HostPath, target: string, wishes: Wishes, can: Abilities): MountRequest | Refusal {
  const readOnly = wishes.readOnly || found.readOnly;
  const common = { target, ...(readOnly && { readOnly }) };
  if (found.kind === 'bind') return bindOf(found.source, common, { ...found, ...definedOf(wishes) });

  const { volume, driver, subpath, source } = found;
  if (wishes.propagation !== undefined && !wishes.propagation.endsWith('private'))
    return refused(`lies in the volume ${volume}, and only a folder of the host can have ${wishes.propagation}`);
  if (subpath === '' || can.volumeSubpath) {
    // A path has the same content for us and for the sibling: nothing of the sibling's image is copied into an empty one.
    const volumeOptions = { noCopy: true, ...(subpath !== '' && { subpath }) };
    return { type: 'volume', source: volume, ...common, volumeOptions };
  }
  if (driver === 'local' && source !== '') return bindOf(source, common, definedOf(wishes));
  return refused(
    `lies in the volume ${volume} of the driver ${driver || '(not told)'}, and this engine cannot mount a part of a volume`,
    'give the whole volume, or use an engine with API 1.45 or newer',
  );
}

type BindWishes = Pick<Wishes, 'propagation' | 'nonRecursive'>;

function bindOf(
  source: string,
  common: { readonly target: string; readonly readOnly?: boolean },
  { propagation, nonRecursive }: BindWishes,
): MountRequest {
  const bindOptions = { ...(propagation !== undefined && { propagation }), ...(nonRecursive && { nonRecursive }) };
  return { type: 'bind', source, ...common, ...(Object.keys(bindOptions).length > 0 && { bindOptions }) };
}

function definedOf({ propagation, nonRecursive }: BindWishes): BindWishes {
  return { ...(propagation !== undefined && { propagation }), ...(nonRecursive && { nonRecursive }) };
}
