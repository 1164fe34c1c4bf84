import { ConflictError, ImageUnavailableError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { bears } from '../../labels.ts';
import { imageQuestions, orMissing } from '../../image-questions.ts';
import { tellSlowly } from '../../listen.ts';
import type { ImageDetails } from '../../runtime.ts';
import { isFound, refusal, unavailable } from '../command/failures.ts';
import { imagesIn, summaryOf } from './image-details.ts';
import { logLines } from '../command/log-lines.ts';
import { repositoryOf } from '../read/repository.ts';
import type { Tools } from '../connect/tools.ts';

const slowCallMs = 120_000;
const isId = /^(?:sha256:)?[0-9a-f]{7,64}$/;

type Groups = Adapter['images'];

/** Images of one namespace. Each name is a record of containerd's own; an image is what has the same digest. */
export function imagesOf(tools: Tools, pull: Adapter['pull']): Groups {
  const { client, images } = tools;

  async function inspect(reference: string, signal: AbortSignal, platform?: string): Promise<ImageDetails | undefined> {
    const flags = platform === undefined ? [] : ['--platform', platform];
    const args = ['image', 'inspect', '--mode=native', ...flags, '--', reference];
    const answer = await client.run(args, { signal });
    // Of another platform it says nothing at all, with a warning.
    if (answer.stdout.trim() === '' && answer.exitCode === 0) return undefined;
    if (!isFound(answer)) return undefined;
    const [found, ...others] = imagesIn(answer.stdout);
    if (others.length > 0) throw new ConflictError(`${reference} is the beginning of several ids of images`);
    if (found === undefined || isId.test(reference)) return found;
    // A digest is found under any name.
    const wanted = repositoryOf(reference);
    const names = [...found.tags, ...found.digests];
    return names.some((name) => repositoryOf(name) === wanted) ? found : undefined;
  }

  async function all(signal: AbortSignal): Promise<readonly ImageDetails[]> {
    const answer = await client.run(['images', '--no-trunc', '--quiet'], { signal });
    if (answer.exitCode !== 0) throw refusal(answer, 'list its images');
    const ids = [...new Set(answer.stdout.split('\n').filter(Boolean))];
    if (ids.length === 0) return [];
    const told = await client.run(['image', 'inspect', '--mode=native', '--', ...ids], { signal });
    return isFound(told) ? imagesIn(told.stdout) : [];
  }

  return {
    ...imageQuestions(inspect),

    async list({ labels, signal }) {
      const found = (await all(signal)).map(summaryOf);
      return found.filter((one) => bears(one.labels, labels));
    },

    async pull(reference, { policy = 'missing', onProgress, platform, auth, signal }) {
      const here = policy === 'always' ? undefined : await inspect(reference, signal, platform);
      if (here !== undefined && isFor(here, platform)) return { image: here, pulled: false, dropped: 0 };
      if (policy === 'never')
        throw new ImageUnavailableError(`${reference} is not on the engine, and is not to be pulled`);
      const told = tellSlowly(onProgress);
      await pull(reference, { signal, platform, auth, ...(onProgress && { onProgress: (step) => told.tell(step) }) });
      await told.finish();
      const image = await inspect(reference, signal, platform);
      if (image === undefined) throw new ImageUnavailableError(`${reference} was pulled, and is gone again`);
      return { image, pulled: true, dropped: told.dropped };
    },

    async tag(reference, name, { signal }) {
      const answer = await client.run(['tag', '--', reference, name], { signal, timeoutMs: slowCallMs });
      images.forget();
      if (answer.exitCode === 0) return;
      if (/: not found/.test(answer.stderr)) throw new NotFoundError('image', reference);
      throw refusal(answer, `tag ${reference}`);
    },

    async remove(reference, { force = false, ignoreMissing = false, signal }) {
      const flags = force ? ['--force'] : [];
      const answer = await client.run(['rmi', ...flags, '--', reference], { signal, timeoutMs: slowCallMs });
      images.forget();
      // Forced, it ends with 0 whatever has happened.
      const [words] = logLines(answer.stderr).flatMap(({ level, message }) =>
        level === 'error' || level === 'fatal' ? [message.replace(/^\d+ errors:\n/, '')] : [],
      );
      if (words === undefined && answer.exitCode === 0) return;
      if (/no such image/.test(words ?? '')) {
        if (ignoreMissing) return;
        throw new NotFoundError('image', reference);
      }
      const refused = unavailable(answer) ?? refusal({ ...answer, exitCode: 1 }, `remove the image ${reference}`);
      if (/^(?:conflict: |multiple IDs found)/.test(words ?? ''))
        throw new ConflictError(refused.message, { cause: refused });
      throw refused;
    },

    build: async (request, options) => (await import('./build.ts')).build(tools, request, options),
    commit: async (container, request, options) =>
      (await import('./commit.ts')).commit(tools, container, request, options.signal),

    async save(references, { signal }) {
      for (const reference of references) orMissing(reference, await inspect(reference, signal));
      return (await import('./image-archive.ts')).save(client, references, signal);
    },

    async load(tar, { signal }) {
      const loaded = await (await import('./image-archive.ts')).load(client, tar, signal);
      images.forget();
      return loaded;
    },

    async collectGarbage(options) {
      const collected = await (await import('./garbage.ts')).collectGarbage(client, options);
      images.forget();
      return collected;
    },
  };
}

/** An image of one platform alone is told whatever is asked for. */
function isFor({ platform: has = '' }: ImageDetails, wanted: string | undefined): boolean {
  return wanted === undefined || `${has}/`.startsWith(`${wanted}/`) || `${wanted}/`.startsWith(`${has}/`);
}
