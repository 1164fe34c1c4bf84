import { EngineRefusedError, InvalidRequestError, type RequestMistake } from '../errors.ts';
import type { ContainerRecord, ContainerSettings } from '../runtime/container.ts';
import type { CallOptions, Runtime } from '../runtime/runtime.ts';

/** Of the containers that settings name, those that are no more. Most name none, and nothing is asked. */
export async function goneContainers(
  settings: readonly ContainerSettings[],
  runtime: Runtime,
  options: CallOptions,
): Promise<ReadonlySet<string>> {
  const named = [...new Set(settings.flatMap((one) => [...Object.keys(sharedBy(one)), ...donorsOf(one)]))];
  const found = await Promise.all(named.map((reference) => runtime.inspect(reference, { signal: options.signal })));
  return new Set(named.filter((_, index) => found[index] === undefined));
}

/**
 * An engine notices a network that is gone only at the start, which may be hours away, and makes a missing volume
 * without a word. What self is in, or has mounted, is there.
 * @throws EngineRefusedError for what self had, InvalidRequestError for what was asked for
 */
export async function checkReferences(
  spec: ContainerSettings,
  self: ContainerRecord,
  gone: ReadonlySet<string>,
  runtime: Runtime,
  options: CallOptions,
): Promise<void> {
  const [container, what] = Object.entries(sharedBy(spec)).find(([name]) => gone.has(name)) ?? [];
  if (container !== undefined && !(container in sharedBy(self.settings)))
    throw new InvalidRequestError([mistake('OFFSHOOT_NETWORK', container, 'container', runtime)]);
  if (container !== undefined)
    throw new EngineRefusedError(`self shares the ${what} of the container ${container.slice(0, 12)}, which is gone`, {
      hint: 'Leave it behind (OFFSHOOT_INHERIT=-network or -namespaces), or name another (OFFSHOOT_NETWORK).',
    });
  const ownNetworks = new Set(Object.keys(self.settings.networks ?? {}));
  const ownVolumes = new Set(self.mountPoints.map(({ name }) => name));
  const networks = networksOf(spec).filter((name) => !ownNetworks.has(name));
  const volumes = volumesOf(spec).filter((name) => !ownVolumes.has(name));
  const [noNetworks, noVolumes] = await Promise.all([
    missing(networks, (name) => runtime.hasNetwork(name, { signal: options.signal })),
    missing(volumes, (name) => runtime.hasVolume(name, { signal: options.signal })),
  ]);
  const lost = noNetworks.find((name) => name === self.settings.networkMode);
  if (lost !== undefined)
    throw new EngineRefusedError(`the network ${lost} that self was made in is gone`, {
      hint: 'Leave it behind (OFFSHOOT_INHERIT=-network), or name another (OFFSHOOT_NETWORK).',
    });
  const mistakes: RequestMistake[] = [
    ...noNetworks.map((name) => mistake('OFFSHOOT_NETWORK', name, 'network', runtime)),
    ...noVolumes.map((name) => mistake('OFFSHOOT_MOUNT', name, 'volume', runtime)),
  ];
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes);
}

/** An engine that does not tell is asked by the request itself. */
async function missing(
  names: readonly string[],
  has: (name: string) => Promise<boolean | undefined>,
): Promise<string[]> {
  const there = await Promise.all(names.map(has));
  return names.filter((_, index) => there[index] === false);
}

function mistake(variable: string, name: string, kind: string, { description }: Runtime): RequestMistake {
  return { name: variable, problem: `"${name}": there is no such ${kind} on ${description}; make it first` };
}

/** What is shared, by the container whose it is. */
function sharedBy({ networkMode, pidMode, ipcMode, cgroup }: ContainerSettings): Record<string, string> {
  const modes = {
    network: networkMode,
    'process namespace': pidMode,
    'IPC namespace': ipcMode,
    'control group': cgroup,
  };
  return Object.fromEntries(
    Object.entries(modes).flatMap(([what, mode]) => {
      const container = /^container:(.+)$/.exec(mode ?? '')?.[1];
      return container === undefined ? [] : [[container, what]];
    }),
  );
}

function donorsOf({ volumesFrom = [] }: ContainerSettings): string[] {
  return volumesFrom.map((donor) => donor.split(':', 1)[0] ?? '');
}

const notNetworks = /^(?:default|bridge|host|none|(?:container|ns):.*)$/;

function networksOf({ networkMode = 'default', networks = {} }: ContainerSettings): string[] {
  return [...new Set([networkMode, ...Object.keys(networks)])].filter((name) => !notNetworks.test(name));
}

/** Those that have to be there: one that is made with options of its own is made anew. */
function volumesOf({ binds = [], mounts = [] }: ContainerSettings): string[] {
  const ofBinds = binds.map((bind) => bind.split(':', 1)[0] ?? '').filter((source) => !source.startsWith('/'));
  const ofMounts = mounts.flatMap(({ type, source, volumeOptions }) =>
    type === 'volume' && source !== undefined && volumeOptions?.driverConfig === undefined ? [source] : [],
  );
  return [...new Set([...ofBinds, ...ofMounts])];
}
