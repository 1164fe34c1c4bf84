import { leave, type LeftOut } from '../clone/left-out.ts';
import type { ContainerRecord, ContainerSettings } from '../runtime/container.ts';
import { isWithin, place, problemOfReach, reachesOf } from './mount-rules.ts';
import type { Policy } from './policy.ts';

/** Where engines listen when nobody has told them otherwise. */
const usual = ['/run', '/var/run'].flatMap((folder) =>
  ['docker.sock', 'containerd/containerd.sock', 'podman/podman.sock', 'crio/crio.sock'].map(
    (name) => `${folder}/${name}`,
  ),
);
const ofEngines = /(?:^|\/)(?:docker|podman|containerd|crio|buildkitd)(?:\.raw)?\.sock$/;
const ofUsers = /^(?:\/var)?\/run\/user(?:\/\d+(?:\/(?:docker|podman|containerd))?)?$/;

/** Is it an engine's socket, or a folder that holds one? */
export function engineSocketIn(path: string, sockets: readonly string[]): boolean {
  return ofEngines.test(path) || ofUsers.test(path) || [...usual, ...sockets].some((socket) => isWithin(socket, path));
}

/** The sockets' paths on the host: what a waiter would be given is the way to the engine. */
export function hostPathsOf(access: { readonly binds?: readonly string[] | undefined }): string[] {
  return (access.binds ?? []).map((bind) => place(bind.split(':')[0] ?? '')).filter((path) => path.endsWith('.sock'));
}

/**
 * Self as its siblings may know it: nearly every self has an engine's socket mounted, so that one which may not be
 * passed on is left behind, not an error.
 */
export function withoutSocket(
  self: ContainerRecord,
  { mounts, engineSocket }: Policy,
  sockets: readonly string[],
): { readonly self: ContainerRecord; readonly leftOut: readonly LeftOut[] } {
  if (engineSocket ?? mounts === undefined) return { self, leftOut: [] };
  const { settings } = self;
  const isKept = (one: ContainerSettings): boolean =>
    !reachesOf(one).some(
      (reach) =>
        reach.path?.endsWith('.sock') &&
        engineSocketIn(reach.path, sockets) &&
        (engineSocket === false || problemOfReach(reach, mounts ?? []) !== undefined),
    );
  const binds = settings.binds?.filter((bind) => isKept({ binds: [bind] }));
  const kept = settings.mounts?.filter((mount) => isKept({ mounts: [mount] }));
  if (binds?.length === settings.binds?.length && kept?.length === settings.mounts?.length)
    return { self, leftOut: [] };
  return {
    self: { ...self, settings: { ...settings, binds, mounts: kept } },
    leftOut: [leave('binds', "the policy of this image does not let the engine's socket be passed on")],
  };
}
