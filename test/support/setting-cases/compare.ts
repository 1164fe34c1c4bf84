import type { Json } from './types.ts';

/** What of a container's inspect somebody has asked for, in one form: engines and clients say nothing in many ways. */
export function asked(inspected: unknown): Json {
  const { Id, Name, State, Config, HostConfig, NetworkSettings } = inspected as Inspected;
  const { Labels, ExposedPorts, Volumes, ...config } = without(Config, ofTheClient);
  const { Links, CapAdd, CapDrop, ...host } = without(HostConfig, ofTheClient);
  // Without a name it is the one called bridge.
  const mode = host['NetworkMode'] === 'default' ? 'bridge' : host['NetworkMode'];
  const endpoints = Object.entries(NetworkSettings.Networks).filter(([name]) => !['host', 'none'].includes(name));
  return cleaned({
    Config: {
      ...config,
      Hostname: hasOwnHostname(inspected) ? config['Hostname'] : undefined,
      // Clients expose what they publish.
      ExposedPorts: namesIn({ ...(ExposedPorts as Json | null), ...(host['PortBindings'] as Json | null) }),
      Volumes: namesIn(Volumes),
      Labels: Object.fromEntries(
        Object.entries((Labels ?? {}) as Json).filter(([name]) => !name.startsWith(ofCompose)),
      ),
    },
    HostConfig: {
      ...host,
      NetworkMode: mode,
      CapAdd: capabilities(CapAdd),
      CapDrop: capabilities(CapDrop),
      // `/other:/name/alias`
      Links: (Links as string[] | null)?.map((link) => link.replace(/:.*\//, ':')),
    },
    Networks: Object.fromEntries(
      endpoints.map(([name, endpoint]) => [
        name,
        // Its short id and its name: engines and clients add these aliases.
        askedOf(endpoint, [Id.slice(0, 12), Name.slice(1)], State.Running),
      ]),
    ),
    OtherNetworks: endpoints.map(([name]) => name).filter((name) => name !== mode),
  }) as Json;
}

/** Has somebody set it? Otherwise it is the container's short id, or the host's or another container's. */
export function hasOwnHostname(inspected: unknown): boolean {
  const { Id, Config, HostConfig } = inspected as Inspected;
  const { Hostname } = Config;
  if (typeof Hostname !== 'string' || Id.startsWith(Hostname) || HostConfig['UTSMode'] === 'host') return false;
  return !/^(?:host|container:.*)$/.test(String(HostConfig['NetworkMode']));
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Running: boolean };
  readonly Config: Json;
  readonly HostConfig: Json;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, Json>> };
}

const ofTheClient = ['AttachStdin', 'AttachStdout', 'AttachStderr', 'ContainerIDFile', 'ConsoleSize', 'Image'];
const ofCompose = 'com.docker.compose.';

/** An engine that knows a MAC address that was asked for puts the one that it has made at the same place. */
function askedOf(
  { Aliases, Links, DriverOpts, GwPriority, IPAMConfig, MacAddress }: Json,
  own: readonly string[],
  running: boolean,
): Json {
  return {
    ...{ Links, DriverOpts, GwPriority, IPAMConfig, MacAddress: running ? undefined : MacAddress },
    Aliases: (Aliases as string[] | null)?.filter((alias) => !own.includes(alias)),
  };
}

/** Old engines keep them as they were said. */
function capabilities(names: unknown): string[] {
  return ((names ?? []) as string[]).map((name) => name.replace(/^CAP_/, ''));
}

/** Of a set, which has nothing in its members. */
function namesIn(set: unknown): string[] {
  return Object.keys(set ?? {}).toSorted();
}

function without(object: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** What a client without a wish, and an engine for whom nobody has one, say of these. */
const nothing: Json = { MemorySwappiness: -1, Name: 'no', Isolation: 'default', VolumeDriver: 'local' };
/** In these an empty list means something; they are null when nobody has asked. */
const emptyCounts = ['MaskedPaths', 'ReadonlyPaths'];
/** Everything in these has been said by somebody. */
const maps = ['Labels', 'Tmpfs', 'Annotations', 'Sysctls', 'StorageOpt', 'DriverOpts', 'Options'];
/** docker's command line and compose keep these in maps, which have no order. */
const unordered = ['Env', 'Binds', 'Ulimits', 'Mounts', 'Links', 'Aliases', 'ExtraHosts', 'OtherNetworks'];

/** Without members that say nothing, and with the lists that are sets in order. */
function cleaned(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => cleaned(item) ?? {});
    return unordered.includes(name) ? items.toSorted((left, right) => order(left).localeCompare(order(right))) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (maps.includes(name)) return Object.fromEntries(Object.entries(value).toSorted());
  const entries = Object.entries(value)
    .map(([key, member]) => [key, cleaned(member, key)] as const)
    .filter(([key, member]) => member !== nothing[key] && !saysNothing(key, member));
  return Object.fromEntries(entries.toSorted(([left], [right]) => left.localeCompare(right)));
}

function saysNothing(name: string, value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) {
    return (
      !(value === false && name === 'Init') && !(value === 0 && ['StopTimeout', 'MemorySwappiness'].includes(name))
    );
  }
  return typeof value === 'object' && Object.keys(value).length === 0 && !emptyCounts.includes(name);
}

function order(value: unknown): string {
  return JSON.stringify(value);
}

/** The same with its mounts in one form, whichever of the API's three ways somebody said them in. */
export function withMountsAsOne({ Config, HostConfig, ...rest }: Json): Json {
  const { Volumes = [], ...config } = Config as Json;
  const { Binds = [], Mounts = [], ...host } = HostConfig as Json;
  const mounts = [
    ...(Volumes as string[]).map((Target) => ({ Type: 'volume', Target })),
    ...(Binds as string[]).map(ofBind),
    ...(Mounts as Json[]).map(ofMount),
  ];
  return cleaned({ ...rest, Config: config, HostConfig: { ...host, Mounts: mounts } }) as Json;
}

/** `source:target[:options]` */
function ofBind(bind: string): Json {
  const [Source = '', Target = '', modes = ''] = bind.split(':');
  const options = modes.split(',').filter((mode) => !['rw', 'cached', ''].includes(mode));
  return {
    Type: Source.startsWith('/') ? 'bind' : 'volume',
    Source,
    Target,
    ReadOnly: options.includes('ro'),
    Options: options.filter((option) => option !== 'ro').toSorted(),
  };
}

function ofMount({ BindOptions, VolumeOptions, ...mount }: Json): Json {
  const { Propagation, CreateMountpoint: _, ...bind } = (BindOptions ?? {}) as Json;
  const { NoCopy, ...volume } = (VolumeOptions ?? {}) as Json;
  const options = [...(Propagation === undefined ? [] : [Propagation]), ...(NoCopy === undefined ? [] : ['nocopy'])];
  return { ...mount, BindOptions: bind, VolumeOptions: volume, Options: options.toSorted() };
}

/** `HostConfig.Memory: 1 | 2` for each difference. */
export function differences(left: unknown, right: unknown, path = ''): string[] {
  if (isObject(left) && isObject(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return names.flatMap((name) => differences(left[name], right[name], path === '' ? name : `${path}.${name}`));
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [`${path}: ${order(left)} | ${order(right)}`];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
