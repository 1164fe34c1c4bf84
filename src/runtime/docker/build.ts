import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import * as z from 'zod';
import { BuildError, InvalidArgumentError } from '../../errors.ts';
import { parseReference } from '../../plan/reference.ts';
import type { Adapter } from '../adapter.ts';
import { notSupported } from '../complete.ts';
import { tellSlowly } from '../listen.ts';
import type { BuildRequest, BuiltImage } from '../runtime.ts';
import { ask, askJson, tell } from './ask.ts';
import type { Connection } from './connect.ts';
import { contextOf } from './build-context.ts';
import { readImage } from './inspect.ts';
import { jsonLines } from './json-lines.ts';

type Options = Parameters<Adapter['images']['build']>[1];

const line = z.looseObject({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
  aux: z.looseObject({ ID: z.string().optional() }).nullish(),
});

/** By the classic builder, which every engine has; BuildKit wants a session that its own client alone speaks. */
export async function build(connection: Connection, request: BuildRequest, options: Options): Promise<BuiltImage> {
  const { signal, onProgress } = options;
  if (request.builder === 'buildkit')
    throw notSupported('docker', 'images.build', 'buildkit', 'it is built with the classic builder');
  const dockerfile = request.dockerfile ?? 'Dockerfile';
  await checkDockerfile(request.context, dockerfile);
  const tar = await contextOf(request.context, dockerfile);
  const asked = {
    method: 'POST',
    path: '/build',
    query: queryOf(request, dockerfile),
    tar,
    signal,
    timeoutMs: Infinity,
  } as const;
  const response = await ask(connection.api, asked, { what: 'build the image' });
  const told = tellSlowly(onProgress);
  let id: string | undefined;
  let short: string | undefined;
  for await (const value of jsonLines(response.stream())) {
    const { stream, status, error, aux } = line.parse(value);
    if (error !== undefined) throw new BuildError(`the image could not be built: ${error}`);
    const message = (stream ?? status ?? '').trim();
    if (message !== '') told.tell({ message });
    id = aux?.ID ?? id;
    // Podman says it in words alone.
    short = /^(?:Successfully built )?([0-9a-f]{12,64})$/.exec(message)?.[1] ?? short;
  }
  await told.finish();
  const reference = id ?? short;
  if (reference === undefined)
    throw new BuildError('the build broke off before there was an image', { hint: 'Trying again may help.' });
  const inspected = { method: 'GET', path: `/images/${reference}/json`, signal } as const;
  const image = readImage(await askJson(connection.api, inspected, { what: 'inspect the image that was built' }));
  for (const tag of request.tags?.slice(1) ?? []) await addTag(connection, image.id, tag, signal);
  return { id: image.id, builder: 'classic', dropped: told.dropped };
}

async function addTag({ api }: Connection, id: string, name: string, signal: AbortSignal): Promise<void> {
  const { repository, tag = 'latest' } = parseReference(name);
  const request = { method: 'POST', path: `/images/${id}/tag`, query: { repo: repository, tag }, signal } as const;
  await tell(api, request, { what: `tag ${name}`, accepted: [201] });
}

function queryOf(request: BuildRequest, dockerfile: string): Record<string, string | boolean> {
  const { buildArgs, labels, target, cacheFrom, noCache, pull, platform, networkMode, tags = [] } = request;
  return {
    dockerfile: posix.normalize(dockerfile),
    rm: true,
    forcerm: true,
    ...(tags[0] !== undefined && { t: tags[0] }),
    ...(buildArgs !== undefined && { buildargs: JSON.stringify(buildArgs) }),
    ...(labels !== undefined && { labels: JSON.stringify(labels) }),
    ...(target !== undefined && { target }),
    ...(cacheFrom !== undefined && { cachefrom: JSON.stringify(cacheFrom) }),
    ...(noCache === true && { nocache: true }),
    ...(pull === true && { pull: true }),
    ...(platform !== undefined && { platform }),
    ...(networkMode !== undefined && { networkmode: networkMode }),
  };
}

async function checkDockerfile(context: string, dockerfile: string): Promise<void> {
  try {
    await readFile(join(context, dockerfile));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError('request.dockerfile', message, { cause: error });
  }
}
