import { NotFoundError } from '../errors.ts';
import type { Adapter } from './adapter.ts';
import type { ImageDetails } from './runtime.ts';

type Inspect = (reference: string, signal: AbortSignal) => Promise<ImageDetails | undefined>;

/** What can be told of an image by who can inspect it. */
export function imageQuestions(inspect: Inspect): Pick<Adapter['images'], 'exists' | 'inspect' | 'digest' | 'tags'> {
  return {
    exists: async (reference, { signal }) => (await inspect(reference, signal)) !== undefined,
    inspect: (reference, { signal }) => inspect(reference, signal),
    async digest(reference, { signal }) {
      const { digests, id } = orMissing(reference, await inspect(reference, signal));
      return digests[0]?.split('@')[1] ?? id;
    },
    tags: async (reference, { signal }) => orMissing(reference, await inspect(reference, signal)).tags,
  };
}

/** @throws NotFoundError */
export function orMissing(reference: string, image: ImageDetails | undefined): ImageDetails {
  if (image === undefined) throw new NotFoundError('image', reference);
  return image;
}
