import * as z from 'zod';
import type { ImageDetails, ImageSummary } from '../../runtime.ts';
import { imageRecord, nativeImage } from '../read/image.ts';
import { read } from '../command/read.ts';

/** What else we read of `nerdctl image inspect --mode=native`. */
const details = nativeImage.and(
  z.object({
    ImageConfig: z
      .object({
        created: z.string().nullish(),
        variant: z.string().nullish(),
        rootfs: z.object({ diff_ids: z.array(z.string()).nullish() }).nullish(),
      })
      .nullish(),
    size: z.number().default(0),
  }),
);
type Details = z.output<typeof details>;

/** The answer of `nerdctl image inspect --mode=native`: one for each image, with all its names. */
export function imagesIn(answer: string): readonly ImageDetails[] {
  const byDigest = new Map<string, Details[]>();
  for (const one of read('image', answer, z.array(details))) {
    const { digest } = one.Image.Target;
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), one]);
  }
  return [...byDigest.values()].map(together);
}

/** containerd has an image once for each of its names. */
function together(all: readonly Details[]): ImageDetails {
  const [first] = all as [Details];
  const { created, os, architecture, variant, rootfs } = first.ImageConfig ?? {};
  const at = new Date(created ?? Number.NaN);
  return {
    ...imageRecord(first),
    digests: [...new Set(all.flatMap((one) => imageRecord(one).digests))],
    tags: [...new Set(all.map(({ Image }) => Image.Name))].filter(isTag),
    createdAt: Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1970 ? undefined : at,
    size: first.size,
    platform: [os, architecture, variant].filter(Boolean).join('/') || undefined,
    layers: rootfs?.diff_ids ?? [],
    graphDriver: undefined,
  };
}

/** Others are named by a digest, or have lost their name to another image. */
function isTag(name: string): boolean {
  return !name.includes('@') && !name.includes('<none>') && !/^(?::|\w+:[0-9a-f]{32,}$)/.test(name);
}

export function summaryOf({ id, tags, digests, config, createdAt, size }: ImageDetails): ImageSummary {
  return { id, tags, digests, labels: config?.labels ?? {}, createdAt: createdAt ?? new Date(0), size };
}
