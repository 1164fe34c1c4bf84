/** What one kind of engine is made of. A further kind is one more row in `kinds`. */
export interface KindRow {
  /** Debian suites whose packages are unpacked into a private folder, tried in order; none: the system's own packages. */
  readonly suites: readonly string[];
  /** Wanted version of docker.io, as apt understands it. */
  readonly version?: string;
  /** 2: sees only the unified hierarchy. `host`: whatever this machine shows, which is 1 on hybrid machines. */
  readonly cgroup: 'host' | 2;
  readonly imageStore: 'overlay2' | 'containerd';
}

export type EngineKind = 'docker-20.10' | 'docker-20.10-cgroup2' | 'docker-28.5' | 'docker-28.5-containerd';

// sid has 28.5 today; when it moves on, testing keeps it for a while.
const sid = { suites: ['sid', 'testing'], version: '28.*' } as const;

export const kinds: Readonly<Record<EngineKind, KindRow>> = {
  'docker-20.10': { suites: [], cgroup: 'host', imageStore: 'overlay2' },
  'docker-20.10-cgroup2': { suites: [], cgroup: 2, imageStore: 'overlay2' },
  'docker-28.5': { ...sid, cgroup: 2, imageStore: 'overlay2' },
  'docker-28.5-containerd': { ...sid, cgroup: 2, imageStore: 'containerd' },
};

export const engineKinds = Object.keys(kinds) as EngineKind[];

export function isEngineKind(text: string | undefined): text is EngineKind {
  return engineKinds.some((kind) => kind === text);
}

/** Kinds that differ only in how they are started share one unpacked folder. */
export function folderOf(kind: EngineKind): string {
  return kind.split('-').slice(0, 2).join('-');
}
