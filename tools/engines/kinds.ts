/** What one kind of engine is made of. A further kind is one more row in `kinds`. */
export interface KindRow {
  /** Debian suites whose packages are unpacked into a private folder, tried in order; none: the system's own packages. */
  readonly suites: readonly string[];
  /** Wanted version of docker.io, as apt understands it. */
  readonly version?: string;
  /** 2: sees only the unified hierarchy. `host`: whatever this machine shows, which is 1 on hybrid machines. */
  readonly cgroup: 'host' | 2;
  /** Where images are kept, by the engine's own word for it: `overlay` is Podman's. */
  readonly imageStore: 'overlay2' | 'containerd' | 'overlay';
}

export type DockerKind = 'docker-20.10' | 'docker-20.10-cgroup2' | 'docker-28.5' | 'docker-28.5-containerd';
export type PodmanKind = 'podman-4.3' | 'podman-4.3-cgroup2';
export type EngineKind = DockerKind | PodmanKind;

// sid has 28.5 today; when it moves on, testing keeps it for a while.
const sid = { suites: ['sid', 'testing'], version: '28.*' } as const;
const system = { suites: [] } as const;

export const kinds: Readonly<Record<EngineKind, KindRow>> = {
  'docker-20.10': { ...system, cgroup: 'host', imageStore: 'overlay2' },
  'docker-20.10-cgroup2': { ...system, cgroup: 2, imageStore: 'overlay2' },
  'docker-28.5': { ...sid, cgroup: 2, imageStore: 'overlay2' },
  'docker-28.5-containerd': { ...sid, cgroup: 2, imageStore: 'containerd' },
  'podman-4.3': { ...system, cgroup: 'host', imageStore: 'overlay' },
  'podman-4.3-cgroup2': { ...system, cgroup: 2, imageStore: 'overlay' },
};

export const engineKinds = Object.keys(kinds) as EngineKind[];
export const dockerKinds: readonly DockerKind[] = engineKinds.filter(isDockerKind);

export function isEngineKind(text: string | undefined): text is EngineKind {
  return engineKinds.some((kind) => kind === text);
}

export function isDockerKind(kind: EngineKind): kind is DockerKind {
  return kind.startsWith('docker-');
}

/** Kinds that differ only in how they are started share one unpacked folder. */
export function folderOf(kind: DockerKind): string {
  return kind.split('-').slice(0, 2).join('-');
}
