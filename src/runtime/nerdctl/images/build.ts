import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BuildError, InvalidArgumentError, NotSupportedError } from '../../../errors.ts';
import { buildFlags } from '../../common-words.ts';
import type { Adapter } from '../../adapter.ts';
import { failedBuild, withoutValues } from '../../docker/images/build-words.ts';
import { solveProgress } from '../../docker/images/buildkit-progress.ts';
import { tellSlowly } from '../../listen.ts';
import type { BuildProgress, BuildRequest, BuiltImage } from '../../runtime.ts';
import { buildkitFlags, whyNoBuild } from '../can/can-build.ts';
import { follow } from '../command/follow.ts';
import type { Tools } from '../connect/tools.ts';
import { quoted } from '../command/words.ts';

type Options = Parameters<Adapter['images']['build']>[1];

/** By buildctl and buildkitd, which nerdctl runs. */
export async function build(tools: Tools, request: BuildRequest, { signal, onProgress }: Options): Promise<BuiltImage> {
  const context = resolve(request.context);
  const dockerfile = join(context, request.dockerfile ?? 'Dockerfile');
  await checkDockerfile(dockerfile);
  if (request.builder === 'classic') throw unsupported('nerdctl builds with BuildKit alone');
  const reason = await whyNoBuild(tools, signal);
  if (reason !== undefined) throw unsupported(reason);
  const told = tellSlowly(onProgress);
  const hidden = withoutValues({ ...request.buildArgs, ...request.secrets });
  const tell = ({ message, step, ...rest }: BuildProgress): void =>
    told.tell({ message: hidden(message), ...(step !== undefined && { step: hidden(step) }), ...rest });
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-build-'));
  try {
    const iid = join(folder, 'id');
    const { flags, env } = argumentsOf(request);
    const args = ['build', ...buildkitFlags(tools), '--progress', 'rawjson', '--iidfile', iid, '--file', dockerfile];
    const progress = solveProgress(tell);
    const { exitCode, stdout } = await follow(tools.client, [...args, ...flags, context], {
      signal,
      env,
      onStderr: (line) => {
        // Its own words come last, and only say that there is no image.
        if (!line.startsWith('time="')) progress.take(line.replace(/^error: /, 'ERROR: '));
      },
    });
    if (exitCode !== 0) throw failedBuild(progress.failure(), hidden);
    tools.images.forget();
    await told.finish();
    return { id: await idOf(tools, stdout, iid, signal), builder: 'buildkit', dropped: told.dropped };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unsupported(reason: string): NotSupportedError {
  return new NotSupportedError(`images.build is not supported by nerdctl: ${reason}`, {
    runtime: 'nerdctl',
    operation: 'images.build',
    capability: 'build',
    reason,
    hint: 'nerdctl needs buildctl beside it and a buildkitd that runs: https://github.com/moby/buildkit',
  });
}

async function checkDockerfile(path: string): Promise<void> {
  try {
    await readFile(path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError('request.dockerfile', message, { cause: error });
  }
}

/** What buildkitd cannot put into this namespace itself is loaded, under another digest. */
async function idOf({ images }: Tools, stdout: string, iid: string, signal: AbortSignal): Promise<string> {
  const [, name] = /^Loaded image: (\S+)$/m.exec(stdout) ?? [];
  const loaded = name === undefined ? undefined : await images.find(name.replace(/^[^/]+@/, ''), signal);
  if (loaded !== undefined) return loaded.id;
  const id = (await readFile(iid, 'utf8').catch(() => '')).trim();
  if (!/^sha256:[0-9a-f]{64}$/.test(id)) throw new BuildError('nerdctl does not tell what it has built');
  return id;
}

function argumentsOf(request: BuildRequest): { flags: string[]; env: Record<string, string> } {
  const { buildArgs = {}, secrets = {} } = request;
  const named = Object.entries(secrets).map(([id, value], at) => [id, `OFFSHOOT_SECRET_${at}`, value] as const);
  return {
    flags: [
      ...Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...named.flatMap(([id, name]) => ['--secret', `${quoted(`id=${id}`)},env=${name}`]),
      ...buildFlags(request),
    ],
    env: Object.fromEntries(named.map(([, name, value]) => [name, value])),
  };
}
