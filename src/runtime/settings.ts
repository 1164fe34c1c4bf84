/**
 * What a container can be made with, in offshoot's own words. An adapter reads it from what its engine says of a
 * container, and turns it into what the engine wants to hear. Every member that is missing is the image's own, or the
 * engine's default. The table in fields.ts says what becomes of each in a sibling.
 */
export interface ContainerSettings {
  /** `NAME=value`, in order. */
  readonly env?: readonly string[] | undefined;
  /** An empty list clears the image's entrypoint; missing keeps it. */
  readonly entrypoint?: readonly string[] | undefined;
  readonly command?: readonly string[] | undefined;
  readonly workingDir?: string | undefined;
  /** `user[:group]`, names or numbers. */
  readonly user?: string | undefined;
  readonly groupAdd?: readonly string[] | undefined;
  readonly tty?: boolean | undefined;
  /** Standard input stays open with nobody attached. */
  readonly openStdin?: boolean | undefined;
  /** Standard input is closed when the first client that was attached goes. */
  readonly stdinOnce?: boolean | undefined;
  readonly stopSignal?: string | undefined;
  /** Seconds. */
  readonly stopTimeout?: number | undefined;
  readonly init?: boolean | undefined;
  readonly shell?: readonly string[] | undefined;
  readonly healthcheck?: Healthcheck | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;

  /** `source:target[:options]`, paths of the engine's host or names of volumes. */
  readonly binds?: readonly string[] | undefined;
  readonly mounts?: readonly MountRequest[] | undefined;
  /** Options of `mount -t tmpfs`, by path. */
  readonly tmpfs?: Readonly<Record<string, string>> | undefined;
  /** `container[:ro|rw]` */
  readonly volumesFrom?: readonly string[] | undefined;
  /** Paths that get an anonymous volume each; an image's own are among them. */
  readonly volumes?: readonly string[] | undefined;
  /** Of the volumes in `binds`. */
  readonly volumeDriver?: string | undefined;

  /** `bridge`, `host`, `none`, `container:…`, or the network that the container was made in. */
  readonly networkMode?: string | undefined;
  /** By name. None for the modes that share somebody else's network. */
  readonly networks?: Readonly<Record<string, NetworkEndpoint>> | undefined;
  readonly networkDisabled?: boolean | undefined;
  readonly hostname?: string | undefined;
  readonly domainname?: string | undefined;
  /** One that somebody set, for the network that the container was made in. */
  readonly macAddress?: string | undefined;
  /** `container:alias`, of the default bridge. */
  readonly links?: readonly string[] | undefined;
  readonly dns?: readonly string[] | undefined;
  readonly dnsOptions?: readonly string[] | undefined;
  readonly dnsSearch?: readonly string[] | undefined;
  readonly extraHosts?: readonly string[] | undefined;
  /** `80/tcp` */
  readonly exposedPorts?: readonly string[] | undefined;
  readonly publishedPorts?: readonly PublishedPort[] | undefined;
  /** Every exposed port gets a free one of the host. */
  readonly publishAllPorts?: boolean | undefined;

  readonly privileged?: boolean | undefined;
  readonly capAdd?: readonly string[] | undefined;
  readonly capDrop?: readonly string[] | undefined;
  readonly securityOpt?: readonly string[] | undefined;
  readonly readonlyRootfs?: boolean | undefined;
  /** Missing: the engine's own list. */
  readonly maskedPaths?: readonly string[] | undefined;
  readonly readonlyPaths?: readonly string[] | undefined;
  /** The OCI runtime. */
  readonly runtime?: string | undefined;

  /** The modes of namespaces: `host`, `private`, `shareable`, `container:…`, each as far as it has them. */
  readonly pidMode?: string | undefined;
  readonly ipcMode?: string | undefined;
  readonly utsMode?: string | undefined;
  readonly usernsMode?: string | undefined;
  readonly cgroupnsMode?: string | undefined;
  /** `container:…`: whose control group. */
  readonly cgroup?: string | undefined;
  readonly sysctls?: Readonly<Record<string, string>> | undefined;

  readonly devices?: readonly DeviceMapping[] | undefined;
  readonly deviceCgroupRules?: readonly string[] | undefined;
  readonly deviceRequests?: readonly DeviceRequest[] | undefined;

  /** Bytes, as all memory; `memorySwap` is memory and swap together, -1 for no limit. */
  readonly memory?: number | undefined;
  readonly memorySwap?: number | undefined;
  readonly memoryReservation?: number | undefined;
  /** 0 to 100. */
  readonly memorySwappiness?: number | undefined;
  readonly oomKillDisable?: boolean | undefined;
  readonly oomScoreAdj?: number | undefined;
  readonly pidsLimit?: number | undefined;
  readonly cpuShares?: number | undefined;
  /** Billionths of a processor. */
  readonly nanoCpus?: number | undefined;
  /** Microseconds, as all these. */
  readonly cpuPeriod?: number | undefined;
  readonly cpuQuota?: number | undefined;
  readonly cpuRealtimePeriod?: number | undefined;
  readonly cpuRealtimeRuntime?: number | undefined;
  readonly cpusetCpus?: string | undefined;
  readonly cpusetMems?: string | undefined;
  readonly cgroupParent?: string | undefined;
  /** 10 to 1000. */
  readonly blkioWeight?: number | undefined;
  readonly blkioWeightDevice?: readonly DeviceWeight[] | undefined;
  /** Bytes, or operations, in a second. */
  readonly blkioDeviceReadBps?: readonly DeviceRate[] | undefined;
  readonly blkioDeviceWriteBps?: readonly DeviceRate[] | undefined;
  readonly blkioDeviceReadIOps?: readonly DeviceRate[] | undefined;
  readonly blkioDeviceWriteIOps?: readonly DeviceRate[] | undefined;
  readonly ulimits?: readonly Ulimit[] | undefined;
  /** Bytes. */
  readonly shmSize?: number | undefined;
  readonly storageOpt?: Readonly<Record<string, string>> | undefined;

  readonly logConfig?: LogConfig | undefined;
  readonly restartPolicy?: RestartPolicy | undefined;
  /** The engine removes the container when it has ended. */
  readonly autoRemove?: boolean | undefined;
}

export type SettingName = keyof ContainerSettings;

/** Times in nanoseconds. A missing member is the image's own. */
export interface Healthcheck {
  /** `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", …]`. */
  readonly test?: readonly string[] | undefined;
  readonly interval?: number | undefined;
  readonly timeout?: number | undefined;
  readonly startPeriod?: number | undefined;
  readonly startInterval?: number | undefined;
  readonly retries?: number | undefined;
}

/** A mount as it was asked for, not as the engine resolved it. */
export interface MountRequest {
  /** `bind`, `volume`, `tmpfs`, `image`, `cluster`, `npipe`. */
  readonly type: string;
  /** Path on the engine's host, name of a volume, or image; missing for a new anonymous volume. */
  readonly source?: string | undefined;
  readonly target: string;
  readonly readOnly?: boolean | undefined;
  readonly consistency?: string | undefined;
  readonly bindOptions?:
    | {
        readonly propagation?: string | undefined;
        readonly nonRecursive?: boolean | undefined;
        readonly createMountpoint?: boolean | undefined;
        readonly readOnlyNonRecursive?: boolean | undefined;
        readonly readOnlyForceRecursive?: boolean | undefined;
      }
    | undefined;
  readonly volumeOptions?:
    | {
        readonly noCopy?: boolean | undefined;
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly driverConfig?:
          | { readonly name?: string | undefined; readonly options?: Readonly<Record<string, string>> | undefined }
          | undefined;
        readonly subpath?: string | undefined;
      }
    | undefined;
  readonly imageOptions?: { readonly subpath?: string | undefined } | undefined;
  readonly tmpfsOptions?:
    | {
        /** Bytes. */
        readonly sizeBytes?: number | undefined;
        /** As in chmod: 0o1777. */
        readonly mode?: number | undefined;
        readonly options?: readonly (readonly string[])[] | undefined;
      }
    | undefined;
}

/** One network that a container is in, as it was asked for. */
export interface NetworkEndpoint {
  readonly aliases?: readonly string[] | undefined;
  readonly links?: readonly string[] | undefined;
  readonly driverOpts?: Readonly<Record<string, string>> | undefined;
  /** The network with the highest has the default gateway. */
  readonly gwPriority?: number | undefined;
  readonly ipv4Address?: string | undefined;
  readonly ipv6Address?: string | undefined;
  readonly linkLocalIPs?: readonly string[] | undefined;
}

export interface PublishedPort {
  /** `80/tcp` */
  readonly containerPort: string;
  readonly hostIp?: string | undefined;
  /** Missing: a free one. */
  readonly hostPort?: string | undefined;
}

export interface DeviceMapping {
  readonly pathOnHost: string;
  readonly pathInContainer: string;
  /** Some of `rwm`. */
  readonly cgroupPermissions?: string | undefined;
}

/** Devices that a driver of the engine chooses: GPUs, CDI. */
export interface DeviceRequest {
  readonly driver?: string | undefined;
  /** -1: all. */
  readonly count?: number | undefined;
  readonly deviceIds?: readonly string[] | undefined;
  readonly capabilities?: readonly (readonly string[])[] | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
}

export interface DeviceWeight {
  readonly path: string;
  readonly weight: number;
}

export interface DeviceRate {
  readonly path: string;
  readonly rate: number;
}

export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export interface LogConfig {
  readonly type: string;
  readonly config?: Readonly<Record<string, string>> | undefined;
}

export interface RestartPolicy {
  /** `no`, `always`, `unless-stopped`, `on-failure`. */
  readonly name: string;
  readonly maximumRetryCount?: number | undefined;
}
