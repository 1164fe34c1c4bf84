import type { Group } from '../plan/inherit.ts';
import type { SettingName } from './settings.ts';

/**
 * The one table of what becomes of a setting of self in its sibling, by the names that Docker's inspect has for them.
 * Adapters read and write by it, the clone decides by it, and docs/clone.md is made from it.
 *
 * - cloned: as it is; what self only had from its image stays with that image
 * - derived: worked out by clone/, as the reason says
 * - dropped: not given; the reason says why. One that has a setting, or is told, is named to the user when in force
 * - refused: an error when it is in force, as nothing honest can be done
 */
export type Field =
  | { readonly rule: 'cloned'; readonly setting: SettingName; readonly group: Group; readonly since?: string }
  | {
      readonly rule: 'derived';
      readonly setting: SettingName;
      /** None: self's command, which only `none` leaves behind. */
      readonly group: Group | undefined;
      readonly reason: string;
    }
  | { readonly rule: 'dropped'; readonly setting?: SettingName; readonly reason: string; readonly told?: true }
  | { readonly rule: 'refused'; readonly reason: string };

/** `since`: the version of the API that knows it. */
function cloned(setting: SettingName, group: Group, since?: string): Field {
  return { rule: 'cloned', setting, group, ...(since !== undefined && { since }) };
}

function derived(setting: SettingName, group: Group | undefined, reason: string): Field {
  return { rule: 'derived', setting, group, reason };
}

function dropped(reason: string, setting?: SettingName): Field {
  return { rule: 'dropped', reason, ...(setting !== undefined && { setting }) };
}

const peer = 'another container must be there; it is named by its id';
const ports = 'self has the ports of the host; ask for others by OFFSHOOT_PUBLISH';
const byName = 'inherited only by name: OFFSHOOT_INHERIT=all,restart';
const ofTheClient = 'about the client that made self';
const ofSelf = 'of self alone';
const fromSettings = 'what the engine made of the settings';
const windows = 'only Windows has it';

export const fields: Readonly<Record<string, Field>> = {
  'Config.Env': derived('env', 'env', "without HOSTNAME, what controls the launcher, and another image's own"),
  'Config.Entrypoint': derived('entrypoint', undefined, 'together with the command'),
  'Config.Cmd': derived('command', undefined, 'what self was given as arguments'),
  'Config.WorkingDir': cloned('workingDir', 'workdir'),
  'Config.User': cloned('user', 'user'),
  'Config.Tty': cloned('tty', 'tty'),
  'Config.OpenStdin': derived('openStdin', 'tty', 'unless it was open for a client alone, which a sibling has not'),
  'Config.StdinOnce': derived('stdinOnce', 'tty', 'with OpenStdin'),
  'Config.AttachStdin': dropped(ofTheClient),
  'Config.AttachStdout': dropped(ofTheClient),
  'Config.AttachStderr': dropped(ofTheClient),
  'Config.StopSignal': cloned('stopSignal', 'process'),
  'Config.StopTimeout': cloned('stopTimeout', 'process'),
  'Config.Shell': cloned('shell', 'process'),
  'Config.Healthcheck': derived('healthcheck', 'health', "member by member: another image's own stay"),
  'Config.Labels': derived('labels', 'labels', 'without those by which others find, route to or update self'),
  'Config.Hostname': derived('hostname', 'network', 'one that somebody set; else the sibling would look like self'),
  'Config.Domainname': derived('domainname', 'network', 'with the hostname'),
  'Config.ExposedPorts': derived('exposedPorts', 'network', "without another image's own, and what only was published"),
  'Config.NetworkDisabled': cloned('networkDisabled', 'network'),
  'Config.MacAddress': dropped('self has the address: a network takes each only once', 'macAddress'),
  'Config.Image': dropped('the sibling has the image that is asked for; `self` is taken by its id'),
  'Config.OnBuild': dropped('only builds of images read it'),
  'Config.ArgsEscaped': dropped(windows),

  'HostConfig.Binds': derived('binds', 'mounts', 'as they were asked for; their sources must still be there'),
  'HostConfig.Mounts': derived('mounts', 'mounts', "as they were asked for; self's anonymous volumes by their names"),
  'HostConfig.Tmpfs': cloned('tmpfs', 'mounts'),
  'Config.Volumes': derived(
    'volumes',
    'mounts',
    "an image's own are made anew, those of self alone go with the mounts",
  ),
  'HostConfig.VolumesFrom': derived('volumesFrom', 'mounts', `${peer}, else its mounts are given one by one`),
  'HostConfig.VolumeDriver': cloned('volumeDriver', 'mounts'),

  'HostConfig.NetworkMode': derived('networkMode', 'network', peer),
  'NetworkSettings.Networks': derived('networks', 'network', 'all of them, without addresses and what names self'),
  'HostConfig.Links': derived('links', 'network', 'as they were asked for'),
  'HostConfig.Dns': cloned('dns', 'network'),
  'HostConfig.DnsOptions': cloned('dnsOptions', 'network'),
  'HostConfig.DnsSearch': cloned('dnsSearch', 'network'),
  'HostConfig.ExtraHosts': cloned('extraHosts', 'network'),
  'HostConfig.PortBindings': dropped(ports, 'publishedPorts'),
  'HostConfig.PublishAllPorts': dropped(ports, 'publishAllPorts'),

  'HostConfig.Privileged': cloned('privileged', 'privileges'),
  'HostConfig.CapAdd': cloned('capAdd', 'privileges'),
  'HostConfig.CapDrop': cloned('capDrop', 'privileges'),
  'HostConfig.SecurityOpt': cloned('securityOpt', 'privileges'),
  'HostConfig.ReadonlyRootfs': cloned('readonlyRootfs', 'privileges'),
  'HostConfig.MaskedPaths': cloned('maskedPaths', 'privileges'),
  'HostConfig.ReadonlyPaths': cloned('readonlyPaths', 'privileges'),
  'HostConfig.GroupAdd': cloned('groupAdd', 'user'),
  'HostConfig.Runtime': cloned('runtime', 'privileges'),

  'HostConfig.PidMode': derived('pidMode', 'namespaces', peer),
  'HostConfig.IpcMode': derived('ipcMode', 'namespaces', peer),
  'HostConfig.UTSMode': cloned('utsMode', 'namespaces'),
  'HostConfig.UsernsMode': cloned('usernsMode', 'namespaces'),
  'HostConfig.CgroupnsMode': cloned('cgroupnsMode', 'namespaces'),
  'HostConfig.Cgroup': derived('cgroup', 'namespaces', peer),
  'HostConfig.Sysctls': cloned('sysctls', 'namespaces'),

  'HostConfig.Devices': cloned('devices', 'devices'),
  'HostConfig.DeviceCgroupRules': cloned('deviceCgroupRules', 'devices'),
  'HostConfig.DeviceRequests': cloned('deviceRequests', 'devices'),

  'HostConfig.Memory': cloned('memory', 'limits'),
  'HostConfig.MemorySwap': cloned('memorySwap', 'limits'),
  'HostConfig.MemoryReservation': cloned('memoryReservation', 'limits'),
  'HostConfig.MemorySwappiness': cloned('memorySwappiness', 'limits'),
  'HostConfig.OomKillDisable': cloned('oomKillDisable', 'limits'),
  'HostConfig.OomScoreAdj': cloned('oomScoreAdj', 'limits'),
  'HostConfig.PidsLimit': cloned('pidsLimit', 'limits'),
  'HostConfig.CpuShares': cloned('cpuShares', 'limits'),
  'HostConfig.NanoCpus': cloned('nanoCpus', 'limits'),
  'HostConfig.CpuPeriod': cloned('cpuPeriod', 'limits'),
  'HostConfig.CpuQuota': cloned('cpuQuota', 'limits'),
  'HostConfig.CpuRealtimePeriod': cloned('cpuRealtimePeriod', 'limits'),
  'HostConfig.CpuRealtimeRuntime': cloned('cpuRealtimeRuntime', 'limits'),
  'HostConfig.CpusetCpus': cloned('cpusetCpus', 'limits'),
  'HostConfig.CpusetMems': cloned('cpusetMems', 'limits'),
  'HostConfig.CgroupParent': cloned('cgroupParent', 'limits'),
  'HostConfig.BlkioWeight': cloned('blkioWeight', 'limits'),
  'HostConfig.BlkioWeightDevice': cloned('blkioWeightDevice', 'limits'),
  'HostConfig.BlkioDeviceReadBps': cloned('blkioDeviceReadBps', 'limits'),
  'HostConfig.BlkioDeviceWriteBps': cloned('blkioDeviceWriteBps', 'limits'),
  'HostConfig.BlkioDeviceReadIOps': cloned('blkioDeviceReadIOps', 'limits'),
  'HostConfig.BlkioDeviceWriteIOps': cloned('blkioDeviceWriteIOps', 'limits'),
  'HostConfig.Ulimits': cloned('ulimits', 'limits'),
  'HostConfig.ShmSize': cloned('shmSize', 'limits'),
  'HostConfig.StorageOpt': cloned('storageOpt', 'limits'),

  'HostConfig.Init': cloned('init', 'process'),
  'HostConfig.Annotations': cloned('annotations', 'labels', '1.43'),
  'HostConfig.LogConfig': cloned('logConfig', 'logging'),
  'HostConfig.RestartPolicy': derived('restartPolicy', 'restart', byName),
  'HostConfig.AutoRemove': dropped('ask for it by OFFSHOOT_AUTO_REMOVE', 'autoRemove'),
  'HostConfig.ContainerIDFile': dropped(ofTheClient),
  'HostConfig.ConsoleSize': dropped(ofTheClient),
  'HostConfig.KernelMemory': { rule: 'dropped', reason: 'kernels and engines no longer have it', told: true },
  'HostConfig.KernelMemoryTCP': { rule: 'dropped', reason: 'kernels and engines no longer have it', told: true },
  'HostConfig.Isolation': { rule: 'refused', reason: windows },
  'HostConfig.CpuCount': { rule: 'refused', reason: windows },
  'HostConfig.CpuPercent': { rule: 'refused', reason: windows },
  'HostConfig.IOMaximumIOps': { rule: 'refused', reason: windows },
  'HostConfig.IOMaximumBandwidth': { rule: 'refused', reason: windows },

  Platform: dropped('the sibling of the same image gets the same platform from ImageManifestDescriptor'),
  ImageManifestDescriptor: dropped('its platform goes with the same image; another one has its own'),
  Name: dropped("from self's name and the key, or OFFSHOOT_NAME: self has its own"),
  Mounts: dropped(fromSettings),
  ...each(
    'Id Created Path Args State Image RestartCount Driver ResolvConfPath HostnamePath HostsPath LogPath MountLabel ' +
      'ProcessLabel AppArmorProfile ExecIDs GraphDriver Storage SizeRw SizeRootFs',
    dropped(ofSelf),
  ),
  ...each(
    'Bridge SandboxID SandboxKey HairpinMode LinkLocalIPv6Address LinkLocalIPv6PrefixLen Ports SecondaryIPAddresses ' +
      'SecondaryIPv6Addresses EndpointID Gateway GlobalIPv6Address GlobalIPv6PrefixLen IPAddress IPPrefixLen ' +
      'IPv6Gateway MacAddress',
    dropped(fromSettings),
    'NetworkSettings.',
  ),
  ...each(
    'NetworkID EndpointID Gateway IPAddress IPPrefixLen IPv6Gateway GlobalIPv6Address GlobalIPv6PrefixLen MacAddress DNSNames',
    dropped(fromSettings),
    'NetworkSettings.Networks.*.',
  ),
};

function each(names: string, field: Field, section = ''): Record<string, Field> {
  return Object.fromEntries(names.split(' ').map((name) => [`${section}${name}`, field]));
}

/** The engine's name of each setting. */
export const fieldOf: ReadonlyMap<SettingName, string> = new Map(
  Object.entries(fields).flatMap(([name, field]) =>
    'setting' in field && field.setting !== undefined ? [[field.setting, name] as const] : [],
  ),
);
