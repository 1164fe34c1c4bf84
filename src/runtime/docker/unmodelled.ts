/**
 * Settings in force that `ContainerSettings` has no place for yet. They are named to the user, who would else lose
 * them without a word.
 */
const modelled = new Set(
  (
    'Env Cmd Entrypoint Tty User WorkingDir Image Labels ' +
    'Binds Mounts GroupAdd SecurityOpt Privileged PidMode UsernsMode NetworkMode'
  ).split(' '),
);

/** Never a loss: engine-made, the image's, about the client that created it, or what a second container must not have. */
const ofNoConsequence = new Set(
  (
    'Hostname Volumes ExposedPorts OnBuild Shell ArgsEscaped AttachStdin AttachStdout AttachStderr OpenStdin StdinOnce MacAddress ' +
    'ContainerIDFile ConsoleSize PortBindings PublishAllPorts RestartPolicy AutoRemove Isolation'
  ).split(' '),
);

/** What an engine fills in by itself. */
const engineDefaults: Readonly<Record<string, (value: unknown) => boolean>> = {
  LogConfig: (value) => JSON.stringify(value) === '{"Type":"json-file","Config":{}}',
  IpcMode: (value) => value === 'private' || value === 'shareable',
  CgroupnsMode: () => true,
  ShmSize: (value) => value === 64 * 1024 * 1024,
  Runtime: () => true,
  MaskedPaths: () => true,
  ReadonlyPaths: () => true,
  StopSignal: (value) => value === 'SIGTERM',
  MemorySwappiness: (value) => value === -1,
};

type Section = Readonly<Record<string, unknown>>;

/** By the engine's names, `Config.Healthcheck`, `HostConfig.CapAdd`. */
export function unmodelledSettings(config: Section, hostConfig: Section): string[] {
  return [...inForce('Config', config), ...inForce('HostConfig', hostConfig)];
}

function inForce(section: string, settings: Section): string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    modelled.has(name) || ofNoConsequence.has(name) || isEmpty(value) || engineDefaults[name]?.(value)
      ? []
      : [`${section}.${name}`],
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
