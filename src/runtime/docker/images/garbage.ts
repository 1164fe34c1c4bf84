import * as z from 'zod';
import { ConflictError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import type { CollectedImages, ImageSummary } from '../../runtime.ts';
import { askJson } from '../wire/ask.ts';
import type { Connection } from '../connect/connect.ts';
import { slowCallMs } from '../containers/create-container.ts';
import { read, text } from '../wire/read.ts';
import { isSnapshot } from '../emulated/snapshot-names.ts';

export const dayMs: number = 24 * 60 * 60 * 1000;

type Options = Parameters<Adapter['images']['collectGarbage']>[0];

/**
 * One by one, by rules of ours: the engine's own `prune` goes by the time when an image was built, and takes one that was
 * pulled a moment ago.
 */
export async function collectGarbage(
  { api }: Connection,
  adapter: Pick<Adapter, 'clock'>,
  images: Pick<Adapter['images'], 'list' | 'remove'>,
  { olderThanMs = dayMs, labels, signal }: Options,
): Promise<CollectedImages> {
  const [now, all, used] = await Promise.all([
    adapter.clock({ signal }),
    images.list({ signal, ...(labels && { labels }) }),
    usedImages(),
  ]);
  // Engines tell whole seconds.
  const youngest = now + 1000 - olderThanMs;
  const old: ImageSummary[] = [];
  for (const image of all) {
    // Snapshots stay until they are removed.
    if (isSnapshot(image)) continue;
    if (image.createdAt.getTime() > youngest || used.has(plain(image.id))) continue;
    if ((await arrivedAt(image.id)) <= youngest) old.push(image);
  }
  if (old.length === 0) return { removed: [], reclaimed: 0 };
  const before = await usage();
  const removed: string[] = [];
  let alone = 0;
  for (const { id, tags, digests } of old) {
    const names = [tags, digests, [id]].find((list) => list.length > 0) ?? [];
    const gone: string[] = [];
    for (const name of names) if (await remove(name)) gone.push(name);
    removed.push(...gone);
    if (gone.length === names.length) alone += before.unshared(id);
  }
  // Podman does not tell what all layers take together.
  const reclaimed = before.layers > 0 ? before.layers - (await usage()).layers : alone;
  return { removed, reclaimed: Math.max(0, reclaimed) };

  async function usedImages(): Promise<ReadonlySet<string>> {
    const request = { method: 'GET', path: '/containers/json', query: { all: true }, signal } as const;
    const answer = await askJson(api, request, { what: 'list its containers' });
    return new Set(read('list of containers', () => rows.parse(answer)).map(({ ImageID }) => plain(ImageID)));
  }

  async function arrivedAt(id: string): Promise<number> {
    const request = { method: 'GET', path: `/images/${id}/json`, signal } as const;
    const answer = await askJson(api, request, { what: 'inspect the image', missing: ['image', id] }).catch(unlessGone);
    const { Metadata } = read('image', () => tagged.parse(answer));
    return Date.parse(Metadata?.LastTagTime ?? '') || 0;
  }

  async function usage(): Promise<{ layers: number; unshared: (id: string) => number }> {
    const request = {
      method: 'GET',
      path: '/system/df',
      query: { type: 'image' },
      signal,
      timeoutMs: slowCallMs,
    } as const;
    const answer = await askJson(api, request, { what: 'tell what its images take' });
    const { LayersSize, Images } = read('use of the disk', () => df.parse(answer));
    const sizes = new Map((Images ?? []).map((one) => [plain(one.Id), one.Size - Math.max(0, one.SharedSize)]));
    return { layers: LayersSize, unshared: (id) => sizes.get(plain(id)) ?? 0 };
  }

  /** Not one that a container was made of meanwhile, or that another image needs. */
  async function remove(name: string): Promise<boolean> {
    try {
      await images.remove(name, { signal });
      return true;
    } catch (error) {
      if (error instanceof ConflictError || error instanceof NotFoundError) return false;
      throw error;
    }
  }
}

const rows = z.array(z.object({ ImageID: z.string() }));
const df = z.object({
  LayersSize: z.number().default(0),
  Images: z
    .array(z.object({ Id: z.string(), Size: z.number().default(0), SharedSize: z.number().default(0) }))
    .nullish(),
});
const tagged = z.object({ Metadata: z.object({ LastTagTime: text }).nullish() });

function unlessGone(error: unknown): unknown {
  if (error instanceof NotFoundError) return {};
  throw error;
}

/** Podman leaves the algorithm out in lists. */
function plain(id: string): string {
  return id.replace(/^sha256:/, '');
}
