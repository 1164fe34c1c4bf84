import * as z from 'zod';
import type { ImageDetails, ImageSummary } from '../../runtime.ts';
import { readImage } from '../create/inspect.ts';
import { labels, read, strings, text } from '../wire/read.ts';

const details = z.object({
  RepoTags: strings,
  Created: text,
  Size: z.number().default(0),
  Os: text,
  Architecture: text,
  Variant: text,
  RootFS: z.object({ Layers: strings }).nullish(),
  GraphDriver: z
    .object({ Name: z.string(), Data: labels })
    .nullish()
    .transform((driver) => (driver?.Name ? { name: driver.Name, data: driver.Data } : undefined)),
});

/** What the engine says of an image it does not name. */
const nameless = /^<none>(?::<none>|@<none>)?$/;

export function readImageDetails(answer: unknown): ImageDetails {
  const image = readImage(answer);
  return read('image', () => {
    const { RepoTags, Created, Size, Os, Architecture, Variant, RootFS, GraphDriver } = details.parse(answer);
    return {
      ...image,
      tags: RepoTags.filter((tag) => !nameless.test(tag)),
      createdAt: Created === undefined || Created.startsWith('0001-') ? undefined : new Date(Created),
      size: Size,
      platform: Os && [Os, Architecture, Variant].filter(Boolean).join('/'),
      layers: RootFS?.Layers ?? [],
      graphDriver: GraphDriver,
    };
  });
}

const summary = z
  .object({
    Id: z.string(),
    RepoTags: strings,
    RepoDigests: strings,
    Labels: labels,
    Created: z.number(),
    Size: z.number().default(0),
  })
  .transform(({ Id, RepoTags, RepoDigests, Labels, Created, Size }): ImageSummary => ({
    id: Id,
    tags: RepoTags.filter((tag) => !nameless.test(tag)),
    digests: RepoDigests.filter((digest) => !nameless.test(digest)),
    labels: Labels,
    createdAt: new Date(Created * 1000),
    size: Size,
  }));

export function readImageList(answer: unknown): ImageSummary[] {
  return read('list of images', () => z.array(summary).parse(answer));
}
