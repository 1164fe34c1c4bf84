import type { MountAddition } from '../plan/mounts.ts';
import type { MountRequest } from '../runtime/container.ts';
import { type Refusal, refused } from './refusal.ts';
import type { Abilities } from './request.ts';

export function namedVolume(
  { source, target, readOnly, noCopy, subpath }: MountAddition,
  can: Abilities,
): MountRequest | Refusal {
  if (subpath && !can.volumeSubpath)
    return refused(
      'this engine cannot mount a part of a volume (that needs API 1.45)',
      'mount the volume into this container and give the path that it has here',
    );
  const volumeOptions = { ...(noCopy && { noCopy }), ...(subpath && { subpath }) };
  return {
    type: 'volume',
    ...(source && { source }),
    target,
    ...(readOnly && { readOnly }),
    ...(Object.keys(volumeOptions).length > 0 && { volumeOptions }),
  };
}

export function tmpfs({ target, readOnly, tmpfsSize: sizeBytes, tmpfsMode: mode }: MountAddition): MountRequest {
  const tmpfsOptions = { ...(sizeBytes !== undefined && { sizeBytes }), ...(mode !== undefined && { mode }) };
  return {
    type: 'tmpfs',
    target,
    ...(readOnly && { readOnly }),
    ...(Object.keys(tmpfsOptions).length > 0 && { tmpfsOptions }),
  };
}
