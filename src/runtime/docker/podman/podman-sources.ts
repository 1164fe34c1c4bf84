import { EngineRefusedError } from '../../../errors.ts';
import type { CreateRequest } from '../../runtime.ts';
import type { Api } from '../wire/api.ts';

/** No restart policy has this name. */
const impossible = 'offshoot-asks';

/**
 * Podman's Docker API makes a folder on the host where the source of a mount is missing, also where Docker would
 * refuse. Its own API refuses, and looks at the sources before it looks at what is impossible in this request: so it
 * tells, and nothing is made.
 * @throws EngineRefusedError naming the first that is missing
 */
export async function checkBindSources(libpod: Api, { name, body }: CreateRequest, signal: AbortSignal): Promise<void> {
  const paths = sourcesIn(body['HostConfig'] ?? {});
  if (paths.length === 0) return;
  const response = await libpod({
    method: 'POST',
    path: '/libpod/containers/create',
    body: {
      rootfs: '/',
      command: ['true'],
      restart_policy: impossible,
      mounts: paths.map((source, index) => ({ type: 'bind', source, destination: `/mnt/${index}` })),
    },
    signal,
  });
  if (response.status === 201) {
    // Another version of Podman, which does not find it impossible.
    await remove((await response.json()) as { Id?: unknown });
    return;
  }
  const [, missing] = /statfs (.+): no such file or directory/.exec(await response.message()) ?? [];
  if (missing === undefined) return;
  throw new EngineRefusedError(`the engine refused to create ${name}: ${missing} does not exist on its host`, {
    hint: 'Podman would make an empty folder there. Make it first, or leave it out (OFFSHOOT_INHERIT=-mounts).',
  });

  async function remove({ Id }: { Id?: unknown }): Promise<void> {
    const path = `/libpod/containers/${encodeURIComponent(String(Id))}`;
    await (await libpod({ method: 'DELETE', path, query: { force: true }, signal })).discard();
  }
}

interface HostConfig {
  readonly Binds?: readonly string[] | null;
  readonly Mounts?: readonly MountRequest[] | null;
}

interface MountRequest {
  readonly Type?: string;
  readonly Source?: string;
  readonly BindOptions?: { readonly CreateMountpoint?: boolean } | null;
}

/** Paths of the host that are not asked to be made. */
function sourcesIn({ Binds, Mounts }: HostConfig): string[] {
  const ofMounts = (Mounts ?? []).filter((mount) => mount.Type === 'bind' && !mount.BindOptions?.CreateMountpoint);
  const sources = [...(Binds ?? []).map((bind) => bind.split(':', 1)[0]), ...ofMounts.map(({ Source }) => Source)];
  return [...new Set(sources.filter((source) => source?.startsWith('/')))] as string[];
}
