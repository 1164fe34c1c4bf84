import { isEngineMade, isOfTheKernel } from './companions.ts';
import type { KernelMount } from './kernel-mounts.ts';
import { type Places, resolved } from './places.ts';

/** Why a path of ours cannot be given to another container, and the way out. */
export interface Refusal {
  readonly kind: 'refused';
  readonly problem: string;
}

export function refused(reason: string, wayOut?: string): Refusal {
  return { kind: 'refused', problem: wayOut === undefined ? reason : `${reason}; ${wayOut}` };
}

const mountThere = 'mount a volume or a folder of the host there, or copy the files';

/** Names what holds a path, where that is nothing of the host's. */
export function describe(path: string, mount: KernelMount | undefined, places: Places): Refusal {
  if (mount === undefined)
    return refused('cannot be translated: /proc/self/mountinfo does not tell what is mounted here');
  const { target, fileSystem, root } = mount;
  const is = path === target ? 'is' : `lies in ${target},`;
  const point = places.points.get(mount);
  if (root.endsWith('//deleted'))
    return refused(
      `${is} a mount whose source was removed or replaced on the host`,
      'make it anew there and restart this container',
    );
  if (point?.type === 'tmpfs' || places.tmpfs.has(target))
    return refused(`${is} a tmpfs: memory of this container alone`, mountThere);
  if (point !== undefined && !['bind', 'volume'].includes(point.type))
    return refused(`${is} a mount of type ${point.type}`, 'only folders, files and volumes can be given to a sibling');
  if (point !== undefined) return refused(`${is} a mount whose source the engine does not tell`);
  if (isEngineMade(mount) || isOfTheKernel(target))
    return refused(`${is} made for each container (${fileSystem})`, 'a sibling has its own');
  if (target === '/')
    return refused(
      `lies in the container's own file system (${fileSystem}); only what is mounted can be given to a sibling`,
      mountThere,
    );
  if (places.self.mountPoints.some(({ destination }) => resolved(destination, places.view) === target))
    return refused(
      `${is} one of several mounts (${fileSystem}) at the same place, and the engine does not tell of this one`,
      'unmount what was mounted by hand, or copy the files',
    );
  return refused(
    `${is} a mount (${fileSystem}) that the engine does not tell of`,
    'have the engine mount it when it makes this container',
  );
}
