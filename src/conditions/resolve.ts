import { InvalidRequestError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import { ancestorOf, folderMounts } from '../paths/folder.ts';
import type { PathView } from '../paths/places.ts';
import type { Condition } from '../plan/conditions.ts';
import type { ContainerRecord, MountRequest } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { isOwnAddress } from './own-address.ts';
import type { Watched } from './watched.ts';

/** Where a waiter has what it must see of self's files. */
const folderInWaiter = '/run/offshoot';

export interface World {
  readonly self: ContainerRecord;
  readonly runtime: Runtime;
  readonly view: PathView;
  /** Does another container watch, or do we? */
  readonly byWaiter: boolean;
  readonly options: Pick<StageOptions, 'signal'>;
}

export interface Resolved {
  readonly watched: readonly Watched[];
  /** What a waiter needs of self's files. */
  readonly mounts: readonly MountRequest[];
  /** A waiter needs the networks of self. */
  readonly network: boolean;
}

/**
 * The conditions as who watches can tell them. A container is the one that has the name now, whoever has it later.
 * @throws InvalidRequestError with all that cannot be watched, and the way out
 */
export async function resolveConditions(conditions: readonly Condition[], world: World): Promise<Resolved> {
  const all = await Promise.all(conditions.map((condition, at) => resolveOne(condition, `when-${at}`, world)));
  const mistakes = all.flatMap((one, at) =>
    'problem' in one ? [{ name: 'OFFSHOOT_WHEN', problem: `"${conditions[at]?.text}": ${one.problem}` }] : [],
  );
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes);
  const good = all.filter((one) => 'watched' in one);
  return {
    watched: good.map(({ watched }) => watched),
    mounts: good.flatMap(({ mounts = [] }) => mounts),
    network: world.byWaiter && conditions.some(({ kind }) => kind === 'tcp' || kind === 'http'),
  };
}

type One = { readonly watched: Watched; readonly mounts?: readonly MountRequest[] } | { readonly problem: string };

async function resolveOne(condition: Condition, name: string, world: World): Promise<One> {
  switch (condition.kind) {
    case 'exited':
    case 'healthy':
      return containerOf(condition, world);
    case 'tcp':
      return reachable(condition.host, world) ?? { watched: condition };
    case 'http':
      return reachable(new URL(condition.url).hostname, world) ?? { watched: condition };
    case 'file':
      return fileOf(condition, name, world);
    default:
      return condition satisfies never;
  }
}

async function containerOf(
  { kind, text, container }: Extract<Condition, { container: string }>,
  { self, runtime, options }: World,
): Promise<One> {
  const record = container === 'self' ? self : await runtime.inspect(container, { signal: options.signal });
  if (record === undefined) return { problem: `there is no such container on ${runtime.description}` };
  if (kind === 'healthy') {
    if (runtime.features.healthChecks === false)
      return { problem: `${runtime.description} runs no health checks; watch a port or a URL of it (tcp:, http:)` };
    const { test } = record.settings.healthcheck ?? {};
    if (record.state.health === undefined && (test === undefined || test[0] === 'NONE'))
      return { problem: 'it has no health check; watch a port or a URL of it (tcp:, http:)' };
  }
  return { watched: { kind, text, id: record.id } };
}

/** What a waiter cannot reach although we can. */
function reachable(host: string, { self, byWaiter }: World): One | undefined {
  if (!byWaiter) return undefined;
  const mode = self.settings.networkMode ?? '';
  if (mode === 'none') return { problem: 'this container has no network, and the waiter has none but its networks' };
  if (!isOwnAddress(host) || mode === 'host' || mode.startsWith('container:')) return undefined;
  return {
    problem:
      'is the address of whoever asks, and the waiter is another container; give the name or the address of the ' +
      'container that listens, or stay and wait here (OFFSHOOT_ATTACH)',
  };
}

function fileOf(
  { text, path }: Extract<Condition, { kind: 'file' }>,
  name: string,
  { self, runtime, view, byWaiter }: World,
): One {
  if (!byWaiter) return { watched: { kind: 'file', text, path } };
  const target = `${folderInWaiter}/${name}`;
  const { folder, rest } = ancestorOf(path, view);
  const mounts = folderMounts(folder, { self, view, can: runtime.features, target, readOnly: true });
  if ('problem' in mounts) return { problem: `the waiter has to be given its folder, and ${mounts.problem}` };
  return { watched: { kind: 'file', text, path: `${target}/${rest}` }, mounts };
}
