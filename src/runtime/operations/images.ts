import type { Images } from '../api/images.ts';
import * as is from '../checks.ts';
import { auth, call, labelsOption, onProgress, platform, type Operations, type OperationTable } from './operation.ts';

export const images: Operations<Images> & OperationTable = {
  exists: call({ reference: is.image }, { capability: 'imageDetails' }),
  inspect: call({ reference: is.image }, { capability: 'imageDetails' }),
  digest: call({ reference: is.image }, { capability: 'imageDetails' }),
  tags: call({ reference: is.image }, { capability: 'imageDetails' }),
  list: call({}, { capability: 'imageDetails', options: labelsOption }),
  pull: call(
    { reference: is.image },
    {
      capability: 'imageDetails',
      options: { policy: is.optional(is.oneOf('missing', 'always', 'never')), onProgress, platform, auth },
    },
  ),
  tag: call({ reference: is.image, name: is.imageName }, { capability: 'imageDetails' }),
  remove: call(
    { reference: is.image },
    {
      capability: 'imageDetails',
      options: { force: is.optional(is.boolean), ignoreMissing: is.optional(is.boolean) },
    },
  ),
  build: call(
    {
      request: is.object({
        context: is.notEmpty,
        dockerfile: is.optional(is.notEmpty),
        tags: is.optional(is.list(is.imageName)),
        buildArgs: is.optional(is.map),
        labels: is.optional(is.map),
        target: is.optional(is.notEmpty),
        cacheFrom: is.optional(is.list(is.image)),
        noCache: is.optional(is.boolean),
        pull: is.optional(is.boolean),
        platform: is.optional(is.notEmpty),
        networkMode: is.optional(is.notEmpty),
        secrets: is.optional(is.map),
        builder: is.optional(is.oneOf('auto', 'buildkit', 'classic')),
      }),
    },
    { capability: 'build', options: { onProgress } },
  ),
  commit: call(
    {
      container: is.container,
      request: is.object({
        reference: is.optional(is.imageName),
        comment: is.optional(is.anyText),
        author: is.optional(is.anyText),
        changes: is.optional(is.list(is.notEmpty)),
        pause: is.optional(is.boolean),
      }),
    },
    { capability: 'commit' },
  ),
  save: call({ references: is.list(is.image, 1) }, { capability: 'imageArchive' }),
  load: call({ tar: is.bytes }, { capability: 'imageArchive' }),
  collectGarbage: call(
    {},
    {
      capability: 'imageGarbageCollection',
      options: { ...labelsOption, olderThanMs: is.optional(is.milliseconds) },
    },
  ),
};
