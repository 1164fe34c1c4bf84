import type { LabEngine } from './lab.ts';

/** Its socket tells, whoever has started it. */
export function isPodman({ socket }: LabEngine): boolean {
  return socket.endsWith('/podman.sock');
}

/** As the engine names an image: Podman says in full where one without a registry comes from. */
export function fullName(engine: LabEngine, image: string): string {
  if (!isPodman(engine)) return image;
  return image.includes('/') ? `docker.io/${image}` : `docker.io/library/${image}`;
}

/** A container's variables without those that Podman gives to each. */
export function ownVariables(engine: LabEngine, env: readonly string[]): string[] {
  const given = /^(?:TERM=xterm|container=\w+|HOME=\/\w*|HOSTNAME=[0-9a-f]{12})$/;
  return env.filter((entry) => !isPodman(engine) || !given.test(entry)).toSorted();
}

interface HostSettings {
  readonly PidMode?: string | undefined;
  readonly Ulimits?: readonly unknown[] | null | undefined;
  readonly CapAdd?: readonly string[] | null | undefined;
  readonly Binds?: readonly string[] | null | undefined;
}

/** As Docker would say the same; what Docker has said stays as it is. */
export function inDockersWords<T extends HostSettings>(host: T): T {
  const ulimits = host.Ulimits as readonly { Name: string }[] | null | undefined;
  return {
    ...host,
    PidMode: host.PidMode === 'private' ? '' : host.PidMode,
    Ulimits: ulimits?.map((limit) => ({ ...limit, Name: limit.Name.replace(/^RLIMIT_/, '').toLowerCase() })),
    CapAdd: host.CapAdd?.length ? host.CapAdd : null,
    Binds: host.Binds?.length ? host.Binds : null,
  };
}
