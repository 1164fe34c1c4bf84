/** What an engine's API says of a container, as it says it. */
export type Inspect = Readonly<Record<string, unknown>> & {
  readonly Id: string;
  readonly Config: Section;
  readonly HostConfig: Section;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, Section>> };
  readonly Mounts: readonly Section[];
};
type Section = Readonly<Record<string, unknown>>;

/**
 * Where a sibling of the same image is otherwise than self: `HostConfig.CapAdd: ["a"] → []`. Written against the
 * engine's own words, not with the code that clones, so that a mistake there is not made here as well. What a second
 * container must not have (names, addresses, ports, restarts) is expected to be gone.
 */
export function differences(self: Inspect, sibling: Inspect): string[] {
  // Those of `-v /path` are given by their names, so that only the image's own are left in the sibling.
  const declared = Object.keys(sibling.Config['Volumes'] ?? {});
  return [
    ...different('Config', configOf(self), configOf(sibling)),
    ...different('HostConfig', hostConfigOf(self), hostConfigOf(sibling)),
    ...different('Networks', networksOf(self), networksOf(sibling)),
    ...different('Mounts', mountsOf(self, declared), mountsOf(sibling, declared)),
    ...collisions(self, sibling),
  ];
}

function different(section: string, self: Section, sibling: Section): string[] {
  const names = new Set([...Object.keys(self), ...Object.keys(sibling)]);
  return [...names].flatMap((name) => {
    const [left, right] = [shown(self[name]), shown(sibling[name])];
    return left === right ? [] : [`${section}.${name}: ${left} → ${right}`];
  });
}

/** Nothing, in all the ways that engines say it, is the same. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isNothing(part) ? undefined : sorted(part))) ?? 'nothing';
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => left.localeCompare(right)));
}

/** What the docker client was, and not the container. */
const ofTheClient = ['AttachStdin', 'AttachStdout', 'AttachStderr', 'Image', 'ContainerIDFile', 'ConsoleSize'];
/** What only one of two containers can have, or what only self is to have. */
const exclusive = ['PortBindings', 'PublishAllPorts', 'RestartPolicy', 'AutoRemove', 'MacAddress'];

/** Labels by which somebody would take the sibling for self. */
const acting = /^(?:com\.docker\.compose|traefik|devcontainer)\./;

function without(section: Section, names: readonly string[]): Section {
  return Object.fromEntries(Object.entries(section).filter(([name]) => !names.includes(name)));
}

function configOf({ Id, Config, HostConfig }: Inspect): Section {
  const { Hostname, Env, Labels, OpenStdin, StdinOnce, ExposedPorts, ...rest } = Config;
  const published = Object.keys(HostConfig['PortBindings'] ?? {});
  return {
    // Volumes are compared where they are mounted.
    ...without(rest, [...ofTheClient, ...exclusive, 'Volumes']),
    Hostname: Hostname === Id.slice(0, 12) ? 'its own' : Hostname,
    Env: ((Env ?? []) as string[]).filter((entry) => !/^(?:OFFSHOOT_\w*|HOSTNAME)=/.test(entry)).toSorted(),
    Labels: Object.fromEntries(
      Object.entries((Labels ?? {}) as Section).filter(
        ([name]) => !name.startsWith('io.offshoot.') && !acting.test(name),
      ),
    ),
    OpenStdin: OpenStdin === true && StdinOnce !== true,
    ExposedPorts: without((ExposedPorts ?? {}) as Section, published),
  };
}

function hostConfigOf({ HostConfig, Mounts }: Inspect): Section {
  const { Links, Mounts: asked, PidsLimit, ...rest } = HostConfig;
  const nameAt = (target: unknown): unknown => Mounts.find(({ Destination }) => Destination === target)?.['Name'];
  const mounts = ((asked ?? []) as Section[]).map((mount) =>
    mount['Type'] === 'volume' ? { ...mount, Source: mount['Source'] ?? nameAt(mount['Target']) } : mount,
  );
  return {
    ...without(rest, [...ofTheClient, ...exclusive]),
    PidsLimit: PidsLimit === -1 ? 0 : PidsLimit, // both mean none
    Links: ((Links ?? []) as string[]).map((link) => link.replace(/^\/?([^:]+):(?:.*\/)?/, '$1:')).toSorted(),
    // A volume of `docker run -v /path` has no request of its own in self, and one by its name in the sibling.
    Mounts: mounts.filter((mount) => !isAnonymous(mount['Source'])),
  };
}

function isAnonymous(name: unknown): boolean {
  return typeof name === 'string' && /^[0-9a-f]{64}$/.test(name);
}

function networksOf({ Id, Config, NetworkSettings }: Inspect): Section {
  return Object.fromEntries(
    Object.entries(NetworkSettings.Networks).map(([name, { Aliases, Links, DriverOpts, GwPriority }]) => {
      const own = [Id.slice(0, 12), Config['Hostname']];
      const aliases = ((Aliases ?? []) as string[]).filter((alias) => !own.includes(alias)).toSorted();
      return [name, { is: 'there', Aliases: aliases, Links, DriverOpts, GwPriority }];
    }),
  );
}

/** What came to lie where. An image's own volume, and a mounted image, is another one in each container. */
function mountsOf({ Mounts }: Inspect, declared: readonly string[]): Section {
  return Object.fromEntries(
    Mounts.map(({ Type, Name, Source, Destination, RW, Propagation, Driver, Mode }) => [
      String(Destination),
      {
        ...{ Type, RW, Driver, Propagation: Type === 'volume' ? undefined : Propagation },
        ...(Type === 'volume' && !declared.includes(String(Destination)) && { Name }),
        ...(Type === 'bind' && { Source, Mode }),
      },
    ]),
  );
}

function collisions(self: Inspect, sibling: Inspect): string[] {
  const addresses = ({ NetworkSettings }: Inspect): unknown[] =>
    Object.values(NetworkSettings.Networks).flatMap(({ IPAMConfig }) => (isNothing(IPAMConfig) ? [] : [IPAMConfig]));
  const { PortBindings, PublishAllPorts, AutoRemove, RestartPolicy } = sibling.HostConfig;
  const policy = (RestartPolicy as { Name?: string } | null)?.Name;
  const labels = Object.keys(sibling.Config['Labels'] ?? {});
  return [
    ...labels.filter((name) => acting.test(name)).map((name) => `it has the label ${name} of self`),
    ...(isNothing(PortBindings) && isNothing(PublishAllPorts) ? [] : ['it publishes ports of self']),
    ...(AutoRemove === true && self.HostConfig['AutoRemove'] === true ? ['it is removed as self is'] : []),
    ...(policy === undefined || policy === '' || policy === 'no' ? [] : ['it is restarted as self is']),
    ...(addresses(sibling).length === 0 ? [] : ['it has addresses of self']),
  ];
}
