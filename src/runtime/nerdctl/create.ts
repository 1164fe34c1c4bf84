import { EngineRefusedError, EngineUnavailableError, InternalError } from '../../errors.ts';
import type { ContainerSpec } from '../container.ts';
import { createRequest } from '../docker/create.ts';
import type { CreateRequest } from '../runtime.ts';
import type { Client } from './client.ts';
import { envFile } from './env-file.ts';
import { type Answer, createRefusal } from './failures.ts';
import { type Abilities, createFlags } from './flags.ts';
import { warningsIn } from './log-lines.ts';
import { wordsOfEntrypoint } from './read-process.ts';
import { missingSources, relativeTarget } from './sources.ts';

/** The newest words of Docker's API: only the flags decide what can be given. */
const apiVersion = '1.51';
/** Longer than a slow disk takes. */
const slowCallMs = 120_000;
const takeBackMs = 10_000;

/** What would be asked, in the words of Docker's API, all of which has a flag. */
export function checkedRequest(spec: ContainerSpec, abilities: Abilities): CreateRequest {
  const request = createRequest(spec, apiVersion);
  argumentsOf(settled(spec, request), abilities);
  envFile(settled(spec, request).env ?? []).close();
  return request;
}

/** The spec after its override, which is said in Docker's words. */
function settled(spec: ContainerSpec, { overridden }: CreateRequest): ContainerSpec {
  if (overridden === undefined) return spec;
  const { settings, image } = overridden;
  return { ...settings, name: spec.name, image, platform: spec.platform };
}

/** Of `create`. The image, and what follows it, is taken as it is. */
function argumentsOf(spec: ContainerSpec, abilities: Abilities): string[] {
  const { name, image, platform, command = [], ...settings } = spec;
  return [
    // Pulling is a matter of its own.
    ...['create', '--pull', 'never', '--name', name],
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...createFlags(settings, abilities),
    ...(settings.entrypoint?.length ? ['--annotation', `${wordsOfEntrypoint}=${settings.entrypoint.length}`] : []),
    ...['--', image],
    // The first `--` behind an image is lost.
    ...(command.length === 0 ? [] : ['--', ...command]),
  ];
}

export interface Created {
  readonly id: string;
  readonly warnings: readonly string[];
}

export async function createContainer(
  client: Client,
  asked: ContainerSpec,
  abilities: Abilities,
  signal: AbortSignal,
): Promise<Created> {
  signal.throwIfAborted();
  const spec = settled(asked, createRequest(asked, apiVersion));
  const args = argumentsOf(spec, abilities);
  const relative = relativeTarget(spec);
  if (relative !== undefined)
    throw new EngineRefusedError(
      `nerdctl is not asked to create ${spec.name}: ${relative} is no path from the root on`,
    );
  const missing = await missingSources(client, spec, signal);
  if (missing !== undefined)
    throw new EngineRefusedError(
      `nerdctl is not asked to create ${spec.name}: there is no ${missing} to mount on the host`,
      {
        hint: 'nerdctl would make an empty folder there.',
      },
    );
  const variables = envFile(spec.env ?? []);
  try {
    const [verb = '', ...others] = args;
    const { env, file } = variables;
    const options = { signal, env, file, timeoutMs: slowCallMs };
    return await result(client, spec, await client.run([verb, ...variables.args, ...others], options));
  } finally {
    variables.close();
  }
}

async function result(client: Client, { name, image }: ContainerSpec, answer: Answer): Promise<Created> {
  if (answer.exitCode !== 0) throw createRefusal(answer, name, image);
  const id = answer.stdout.trim();
  if (!/^[0-9a-f]{64}$/.test(id)) throw new InternalError('nerdctl created a container and did not tell its id');
  const warnings = warningsIn(answer.stderr);
  const lost = warnings.find((warning) => /^mount source ".*" does not exist/.test(warning));
  if (lost === undefined) return { id, warnings };
  // It would fail when it is started, which may be hours away.
  await takeBack(client, id, name);
  throw new EngineRefusedError(`nerdctl would not be able to start ${name}: ${lost}`);
}

/** Not by the caller's signal: what was made is taken back also when that was the reason. */
async function takeBack(client: Client, id: string, name: string): Promise<void> {
  const { exitCode } = await client.run(['rm', '--force', '--volumes', id], {
    signal: AbortSignal.timeout(takeBackMs),
  });
  if (exitCode !== 0)
    throw new EngineUnavailableError(`${name} was created and could not be removed again: nerdctl rm -f ${id}`);
}
