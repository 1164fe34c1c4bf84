import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { BuildError } from '../../../errors.ts';
import { buildFlags } from '../../common-words.ts';
import { aborted, killGroup } from '../../process-group.ts';
import type { BuildRequest } from '../../runtime.ts';
import type { Build, Builder } from './build.ts';
import { failedBuild } from './build-words.ts';
import { solveProgress } from './buildkit-progress.ts';
import type { Connection } from '../connect/connect.ts';
import { pluginProgram, pluginVariables } from '../plugins/plugins.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The builder, or why there is none. */
export type Buildkit =
  | { readonly build: Builder; readonly reason?: undefined }
  | { readonly build?: undefined; readonly reason: string };

/** The first that tells its progress as JSON. */
const firstMinor = 13;

/** BuildKit wants a session (gRPC both ways), which the buildx plugin speaks. The engines have had it since 18.09. */
export async function buildkit(connection: Connection, env: Environment, signal: AbortSignal): Promise<Buildkit> {
  if (connection.libpod !== undefined) return { reason: 'Podman has no BuildKit' };
  const program = await pluginProgram('docker-buildx', env);
  if (program === undefined) return { reason: 'there is no buildx plugin of the docker command line here' };
  const { output } = await run(program, ['version'], { PATH: env['PATH'] ?? '' }, signal);
  const [, major, minor] = /\bv?(\d+)\.(\d+)\.\d+/.exec(output) ?? [];
  if (major === undefined || (major === '0' && Number(minor) < firstMinor))
    return { reason: `its buildx plugin is too old or does not run: 0.${firstMinor} or newer is needed` };
  return { build: (asked) => buildBy(program, connection, env, asked) };
}

const metadata = z.object({ 'containerimage.digest': z.string() });

async function buildBy(program: string, { endpoint }: Connection, env: Environment, asked: Build): Promise<string> {
  const { request, dockerfile, signal, hidden, tell } = asked;
  // Of its own, as a builder that somebody has chosen is not our engine's; and it holds what is told of the image.
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-build-'));
  const told = join(folder, 'metadata.json');
  const { flags, variables } = argumentsOf(request);
  const fixed = ['--builder', 'default', '--progress', 'rawjson', '--provenance', 'false', '--metadata-file', told];
  const own = { BUILDX_CONFIG: folder, BUILDX_METADATA_PROVENANCE: 'disabled', BUILDX_GIT_INFO: 'false' };
  // A relative one could look like a flag.
  const context = resolve(request.context);
  try {
    const progress = solveProgress(tell);
    const { exitCode } = await run(
      program,
      ['build', ...fixed, '--file', join(context, dockerfile), ...flags, context],
      { ...variables, ...pluginVariables(endpoint, env), ...own },
      signal,
      (text) => progress.take(text),
    );
    if (exitCode !== 0) throw failedBuild(progress.failure(), hidden);
    return metadata.parse(JSON.parse(await readFile(told, 'utf8')))['containerimage.digest'];
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BuildError) throw error;
    throw new BuildError('the buildx plugin does not tell what it has built', { cause: error });
  } finally {
    const removed = rm(folder, { recursive: true, force: true, maxRetries: 5 });
    // Who has given up does not wait for it.
    if (signal.aborted) removed.catch(() => {});
    else await removed;
  }
}

/** Values go by the environment, as every user of this machine sees command lines, unless they mean something to buildx. */
function argumentsOf(request: BuildRequest): { flags: string[]; variables: Record<string, string> } {
  const { buildArgs = {}, secrets = {} } = request;
  const args = Object.entries(buildArgs);
  const hiddenArgs = args.filter(([name]) => !ofBuildx.test(name));
  const secretNames = Object.entries(secrets).map(([id, value], at) => [id, `OFFSHOOT_SECRET_${at}`, value] as const);
  return {
    flags: [
      ...args.flatMap(([name, value]) => ['--build-arg', ofBuildx.test(name) ? `${name}=${value}` : name]),
      ...secretNames.flatMap(([id, name]) => ['--secret', `"id=${id.replaceAll('"', '""')}",env=${name}`]),
      ...buildFlags(request),
    ],
    variables: Object.fromEntries([...hiddenArgs, ...secretNames.map(([, name, value]) => [name, value] as const)]),
  };
}

const ofBuildx =
  /^(?:PATH|HOME|USER|TMPDIR|(?:LD|SSL|XDG|SSH|GIT|GRPC|OTEL|BUILDX|BUILDKIT|DOCKER|OFFSHOOT)_.*|EXPERIMENTAL_.*|SOURCE_DATE_EPOCH|GO[A-Z]+|.*_proxy)$/i;

/** To its end, or until the call is given up: then nothing of it goes on. What it prints comes as one. */
async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onLine?: (line: string) => void,
): Promise<{ exitCode: number; output: string }> {
  const { execa } = await import('execa');
  signal.throwIfAborted();
  const child = execa(program, args, {
    env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    buffer: onLine === undefined,
    reject: false,
    detached: true,
    cleanup: false,
  });
  const over = new AbortController();
  let ended = false;
  try {
    const reading = async (): Promise<void> => {
      if (onLine !== undefined) for await (const text of child.iterable({ from: 'all' })) onLine(text);
    };
    const [result] = await Promise.race([Promise.all([child, reading()]), aborted(signal, over.signal)]);
    ended = true;
    return { exitCode: result.exitCode ?? -1, output: result.all ?? '' };
  } finally {
    over.abort();
    if (!ended) killGroup(child.pid);
  }
}
