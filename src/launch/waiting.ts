import { cloneSettings } from '../clone/clone.ts';
import { resolveConditions } from '../conditions/resolve.ts';
import type { Watched } from '../conditions/watched.ts';
import type { StageOptions } from '../events.ts';
import type { PathView } from '../paths/places.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRecord, ContainerSettings, MountRequest } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { statusPlace } from './status-place.ts';

/** What is needed to wait until the sibling is to be started, beside its time. */
export interface Waiting {
  readonly watched: readonly Watched[];
  /** What a waiter is given for it. */
  readonly settings: Pick<ContainerSettings, (typeof ofNetwork)[number]> & { readonly mounts: readonly MountRequest[] };
  /** Where a waiter has the status file. */
  readonly statusFile: string | undefined;
}

const ofNetwork = ['networkMode', 'networks', 'dns', 'dnsOptions', 'dnsSearch', 'extraHosts', 'links'] as const;

export interface WaitingWorld {
  readonly self: ContainerRecord;
  readonly runtime: Runtime;
  readonly view: PathView;
  readonly gone: ReadonlySet<string>;
}

/**
 * Everything that can be wrong with waiting shows here, before anything is made.
 * @throws InvalidRequestError
 */
export async function prepareWaiting(
  plan: Pick<Plan, 'attach' | 'start' | 'when' | 'statusFile'>,
  { gone, ...world }: WaitingWorld,
  options: Pick<StageOptions, 'signal'>,
): Promise<Waiting> {
  const byWaiter = isByWaiter(plan);
  const status = statusPlace(plan.statusFile, { ...world, byWaiter });
  const { watched, mounts, network } = await resolveConditions(plan.when, { ...world, byWaiter, options });
  return {
    watched,
    settings: { ...(network && networksOf(world.self, gone)), mounts: [...mounts, ...(status?.mounts ?? [])] },
    statusFile: status?.path,
  };
}

function isByWaiter({ attach, start, when }: Pick<Plan, 'attach' | 'start' | 'when'>): boolean {
  return !attach && (when.length > 0 || 'at' in start || start.afterMs > 0);
}

/** Names mean to the waiter what they mean to self; by self's own it is not called. */
function networksOf(self: ContainerRecord, gone: ReadonlySet<string>): ContainerSettings {
  const { settings } = cloneSettings({
    self,
    selfImage: undefined,
    sameImage: true,
    request: {
      inherit: { groups: ['network'], safe: false, command: false },
      isControl: () => false,
      launcherPaths: [],
    },
    gone,
  });
  const networks = settings.networks && Object.fromEntries(Object.keys(settings.networks).map((name) => [name, {}]));
  const given = { ...settings, networks };
  return Object.fromEntries(ofNetwork.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}
