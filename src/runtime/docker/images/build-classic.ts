import { posix } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as z from 'zod';
import { BuildError } from '../../../errors.ts';
import { parseReference } from '../../../plan/reference.ts';
import type { BuildRequest } from '../../runtime.ts';
import { ask, askJson, tell } from '../wire/ask.ts';
import type { Builder } from './build.ts';
import { contextOf } from './build-context.ts';
import { failedBuild, Tail } from './build-words.ts';
import type { Connection } from '../connect/connect.ts';
import { readImage } from '../create/inspect.ts';
import { jsonLines } from '../wire/json-lines.ts';

const line = z.looseObject({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
  aux: z.looseObject({ ID: z.string().optional() }).nullish(),
});

/** By the engine's own builder: the classic one of Docker, which every engine has, or Podman's. */
export function classicBuild(connection: Connection): Builder {
  return async ({ request, dockerfile, signal, hidden, tell: told }) => {
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
    let id: string | undefined;
    let short: string | undefined;
    let step: string | undefined;
    let said = new Tail();
    for await (const value of jsonLines(response.stream())) {
      const { stream, status, error, aux } = line.parse(value);
      if (error !== undefined) throw failedBuild({ reason: error, step, output: said.lines }, hidden);
      // It paints what comes from stderr.
      const message = stripVTControlCharacters(stream ?? status ?? '').trim();
      id = aux?.ID ?? id;
      // Podman says it in words alone.
      short = /^(?:Successfully built )?([0-9a-f]{12,64})$/.exec(message)?.[1] ?? short;
      if (message === '') continue;
      const begun = /^(?:\[\d+\/\d+\] )?STEP \d+(?:\/\d+)? ?: .+/i.test(message);
      if (begun) [step, said] = [message, new Tail()];
      else if (!message.startsWith('---> ')) said.add(message);
      told({ message, ...(step !== undefined && { step }), ...(begun && { phase: 'started' }) });
    }
    const reference = id ?? short;
    if (reference === undefined)
      throw new BuildError('the build broke off before there was an image', { hint: 'Trying again may help.' });
    const inspected = { method: 'GET', path: `/images/${reference}/json`, signal } as const;
    const image = readImage(await askJson(connection.api, inspected, { what: 'inspect the image that was built' }));
    for (const tag of request.tags?.slice(1) ?? []) await addTag(connection, image.id, tag, signal);
    return image.id;
  };
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
