import * as z from 'zod';
import { ConflictError, EngineRefusedError, ImageUnavailableError, NotFoundError } from '../../../errors.ts';
import { parseReference } from '../../../plan/reference.ts';
import type { Adapter } from '../../adapter.ts';
import type { BasicAdapter } from '../../complete.ts';
import { imageQuestions } from '../../image-questions.ts';
import { tellSlowly } from '../../listen.ts';
import type { ImageDetails } from '../../runtime.ts';
import { ask, askJson, askMaybe, labelFilter, tell } from '../wire/ask.ts';
import type { Connection } from '../connect/connect.ts';
import { slowCallMs } from '../containers/create-container.ts';
import { jsonLines } from '../wire/json-lines.ts';
import { read } from '../wire/read.ts';
import { readImageDetails, readImageList } from './read-images.ts';

export function imagesOf(
  connection: Connection,
  basic: Pick<BasicAdapter, 'pull' | 'inspectImage' | 'clock'>,
  env: Readonly<Record<string, string | undefined>>,
): Adapter['images'] {
  const { api } = connection;

  async function inspect(reference: string, signal: AbortSignal): Promise<ImageDetails | undefined> {
    const request = { method: 'GET', path: `/images/${reference}/json`, signal } as const;
    const answer = await askMaybe(api, request, { what: 'inspect the image', missing: ['image', reference] });
    if (answer === undefined) return undefined;
    const said = readImageDetails(answer);
    // Podman's API leaves out what its image gives to containers.
    const record = connection.libpod === undefined ? said : await basic.inspectImage(reference, { signal });
    return { ...said, config: record?.config };
  }

  const calls: Adapter['images'] = {
    ...imageQuestions(inspect),

    async list({ labels, signal }) {
      const query = labels === undefined ? {} : { filters: JSON.stringify({ label: labelFilter(labels) }) };
      const answer = await askJson(
        api,
        { method: 'GET', path: '/images/json', query, signal },
        { what: 'list images' },
      );
      return readImageList(answer);
    },

    async pull(reference, { policy = 'missing', onProgress, platform, auth, signal }) {
      const here = policy === 'always' ? undefined : await inspect(reference, signal);
      if (here !== undefined) return { image: here, pulled: false, dropped: 0 };
      if (policy === 'never')
        throw new ImageUnavailableError(`${reference} is not on the engine, and is not to be pulled`);
      const told = tellSlowly(onProgress);
      await basic.pull(reference, { signal, platform, auth, onProgress: (step) => told.tell(step) });
      await told.finish();
      const image = await inspect(reference, signal);
      if (image === undefined) throw new ImageUnavailableError(`${reference} was pulled, and is gone again`);
      return { image, pulled: true, dropped: told.dropped };
    },

    async tag(reference, name, { signal }) {
      const { repository, tag = 'latest' } = parseReference(name);
      const request = {
        method: 'POST',
        path: `/images/${reference}/tag`,
        query: { repo: repository, tag },
        signal,
      } as const;
      await tell(api, request, { what: `tag ${reference}`, accepted: [201], missing: ['image', reference] });
    },

    async remove(reference, { force = false, ignoreMissing = false, signal }) {
      const request = {
        method: 'DELETE',
        path: `/images/${reference}`,
        query: { force },
        signal,
        timeoutMs: slowCallMs,
      } as const;
      try {
        await tell(api, request, { what: `remove the image ${reference}`, missing: ['image', reference] });
      } catch (error) {
        if (error instanceof NotFoundError && ignoreMissing) return;
        // So Podman says it.
        if (error instanceof EngineRefusedError && /in use by a container|is in use/.test(error.message))
          throw new ConflictError(error.message, { cause: error });
        throw error;
      }
    },

    build: async (request, options) => (await import('./build.ts')).build(connection, env, request, options),

    async commit(container, { reference, comment, author, changes, pause = true }, { signal }) {
      const { repository, tag } = reference === undefined ? {} : parseReference(reference);
      const query = {
        container,
        ...(repository !== undefined && { repo: repository, tag: tag ?? 'latest' }),
        ...(comment !== undefined && { comment }),
        ...(author !== undefined && { author }),
        ...(changes !== undefined && { changes: changes.join('\n') }),
        pause,
      };
      // Podman wants one, though nothing is in it.
      const body = { Env: null };
      const expected = { what: `commit ${container}`, accepted: [201], missing: ['container', container] } as const;
      const answer = await askJson(
        api,
        { method: 'POST', path: '/commit', body, query, signal, timeoutMs: slowCallMs },
        expected,
      );
      const { Id } = read('answer to commit', () => z.object({ Id: z.string() }).parse(answer));
      return { id: Id.startsWith('sha256:') ? Id : `sha256:${Id}` };
    },

    async save(references, { signal }) {
      const one = references.length === 1 ? references[0] : undefined;
      const query =
        one === undefined ? `?${references.map((name) => `names=${encodeURIComponent(name)}`).join('&')}` : '';
      const path = one === undefined ? `/images/get${query}` : `/images/${one}/get`;
      const expected = { what: 'save images', missing: ['image', references.join(', ')] } as const;
      return (await ask(api, { method: 'GET', path, signal, timeoutMs: slowCallMs }, expected)).stream();
    },

    async load(tar, { signal }) {
      const request = {
        method: 'POST',
        path: '/images/load',
        query: { quiet: true },
        tar,
        signal,
        timeoutMs: Infinity,
      } as const;
      const response = await ask(api, request, { what: 'load images' });
      const loaded: string[] = [];
      for await (const line of jsonLines(response.stream())) {
        const { stream, error } = loadLine.parse(line);
        if (error !== undefined) throw new EngineRefusedError(`the engine refused to load images: ${error}`);
        // `Loaded image: name:tag`, `Loaded image ID: sha256:…`, and of Podman several at once.
        const [, names] = /^Loaded image(?:\(s\))?(?: ID)?: (.+)/.exec(stream ?? '') ?? [];
        if (names !== undefined) loaded.push(...names.trim().split(/,\s*/));
      }
      return loaded;
    },

    collectGarbage: async (options) => (await import('./garbage.ts')).collectGarbage(connection, basic, calls, options),
  };
  return calls;
}

const loadLine = z.looseObject({ stream: z.string().optional(), error: z.string().optional() });
