import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import { tellSlowly } from '../../listen.ts';
import type { BuildProgress, BuildRequest, BuiltImage } from '../../runtime.ts';
import { classicBuild } from './build-classic.ts';
import { withoutValues } from './build-words.ts';
import { buildkit } from './buildkit.ts';
import type { Connection } from '../connect/connect.ts';

type Options = Parameters<Adapter['images']['build']>[1];
type Environment = Readonly<Record<string, string | undefined>>;

/** One that is to be built, its arguments' values hidden in all that is told of it. */
export interface Build {
  readonly request: BuildRequest;
  readonly dockerfile: string;
  readonly signal: AbortSignal;
  readonly hidden: (text: string) => string;
  readonly tell: (progress: BuildProgress) => void;
}

/** Builds it; the id of the image. */
export type Builder = (build: Build) => Promise<string>;

/** By BuildKit, where the engine and the buildx plugin have it, else by the builder behind the API's own call. */
export async function build(
  connection: Connection,
  env: Environment,
  request: BuildRequest,
  { signal, onProgress }: Options,
): Promise<BuiltImage> {
  const dockerfile = request.dockerfile ?? 'Dockerfile';
  await checkDockerfile(request.context, dockerfile);
  const kind = connection.libpod === undefined ? 'docker' : 'podman';
  const { builder = 'auto', secrets } = request;
  const found = builder === 'classic' ? undefined : await buildkit(connection, env, signal);
  if (builder === 'buildkit' && found?.build === undefined)
    throw notSupported(kind, 'images.build', 'buildkit', found?.reason ?? '');
  if (secrets !== undefined && found?.build === undefined)
    throw notSupported(kind, 'images.build with secrets', 'buildkit', found?.reason ?? 'only BuildKit has secrets');
  const told = tellSlowly(onProgress);
  const hidden = withoutValues({ ...request.buildArgs, ...secrets });
  const tell = ({ message, step, ...rest }: BuildProgress): void =>
    told.tell({ message: hidden(message), ...(step !== undefined && { step: hidden(step) }), ...rest });
  const id = await (found?.build ?? classicBuild(connection))({ request, dockerfile, signal, hidden, tell });
  await told.finish();
  const name = found?.build === undefined ? (kind === 'podman' ? 'buildah' : 'classic') : 'buildkit';
  return { id, builder: name, dropped: told.dropped };
}

async function checkDockerfile(context: string, dockerfile: string): Promise<void> {
  try {
    await readFile(join(context, dockerfile));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError('request.dockerfile', message, { cause: error });
  }
}
