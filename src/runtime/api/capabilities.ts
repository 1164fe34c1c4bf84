/** What not every engine can do, and why it matters. */
export const capabilityNames = [
  'pause',
  'rename',
  'containerHealth',
  'writeStdin',
  'stats',
  'copy',
  'hostPaths',
  'exec',
  'execTty',
  'memoryLimit',
  'swapLimit',
  'cpuLimit',
  'pidsLimit',
  'storageLimit',
  'volumeSubpath',
  'imageDetails',
  'pullProgress',
  'build',
  'buildkit',
  'commit',
  'imageArchive',
  'imageGarbageCollection',
  'networks',
  'networkConnect',
  'networkAliases',
  'staticIp',
  'volumes',
  'events',
  'eventsSince',
  'compose',
  'tasks',
  'taskDelete',
  'snapshots',
  'snapshotMount',
  'containerFromSnapshot',
  'cni',
  'rootless',
  'autoStart',
  'checkpoint',
] as const;
export type Capability = (typeof capabilityNames)[number];

export type CapabilityState =
  | {
      readonly supported: true;
      /** By other means than the engine's own: how, and what is different. */
      readonly emulated?: string | undefined;
    }
  | { readonly supported: false; readonly reason: string };

export type Capabilities = Readonly<Record<Capability, CapabilityState>>;

export interface RuntimeVersion {
  /** `Docker Engine`, `Podman`, `containerd`. */
  readonly engine: string;
  readonly version: string;
  /** Of Docker's API, where it is spoken. */
  readonly apiVersion: string | undefined;
  /** `linux/amd64` */
  readonly platform: string;
}
