import { EngineRefusedError, EngineUnavailableError, InternalError, NameTakenError } from '../../../errors.ts';
import type { ContainerSpec } from '../../container.ts';
import { createRequest } from '../../docker/create/create.ts';
import type { CreateRequest } from '../../runtime.ts';
import type { Client } from '../command/client.ts';
import { envFile } from './env-file.ts';
import { type Answer, createRefusal, holderOfName } from '../command/failures.ts';
import { type Abilities, createFlags } from './flags.ts';
import { warningsIn } from '../command/log-lines.ts';
import type { Lookup } from '../read/lookup.ts';
import type { Names } from './names.ts';
import { wordsOfEntrypoint } from '../read/read-process.ts';
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

export interface CreateTools {
  readonly client: Client;
  readonly lookup: Lookup;
  readonly names: Names;
  readonly abilities: Abilities;
}

export async function createContainer(asked: ContainerSpec, tools: CreateTools, signal: AbortSignal): Promise<Created> {
  signal.throwIfAborted();
  const { client, lookup, names, abilities } = tools;
  const spec = settled(asked, createRequest(asked, apiVersion));
  const args = argumentsOf(spec, abilities);
  await checkPaths(client, spec, signal);
  const before = lookup.named(spec.name, signal);
  before.catch(() => {}); // told below, unless something else is
  let answer = await runCreate(client, spec, args, signal);
  const holder = holderOfName(answer);
  if (holder !== undefined && (await names.release(spec.name, holder, signal)))
    answer = await runCreate(client, spec, args, signal);
  const id = idIn(answer, spec);
  const warnings = warningsIn(answer.stderr);
  const problem = problemOf(
    spec,
    warnings,
    (await before).filter((one) => one !== id),
  );
  if (problem === undefined) return { id, warnings };
  await takeBack(client, id, spec.name);
  throw problem;
}

/** nerdctl would make what is missing, or notice it when the container is started, which may be hours away. */
async function checkPaths(client: Client, spec: ContainerSpec, signal: AbortSignal): Promise<void> {
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
}

async function runCreate(
  client: Client,
  spec: ContainerSpec,
  [verb = '', ...others]: readonly string[],
  signal: AbortSignal,
): Promise<Answer> {
  const variables = envFile(spec.env ?? []);
  try {
    const { env, file, args } = variables;
    return await client.run([verb, ...args, ...others], { signal, env, file, timeoutMs: slowCallMs });
  } finally {
    variables.close();
  }
}

function idIn(answer: Answer, { name, image }: ContainerSpec): string {
  if (answer.exitCode !== 0) throw createRefusal(answer, name, image);
  const id = answer.stdout.trim();
  if (!/^[0-9a-f]{64}$/.test(id)) throw new InternalError('nerdctl created a container and did not tell its id');
  return id;
}

/**
 * nerdctl frees the name of a container that lost its shim, though the container is still there. `others` were there
 * before ours was made, and one that was made meanwhile has the name still.
 */
function problemOf(
  { name }: ContainerSpec,
  warnings: readonly string[],
  [other]: readonly string[],
): EngineRefusedError | undefined {
  if (other !== undefined)
    return new NameTakenError(`nerdctl would give the name ${name} twice: ${other.slice(0, 12)} has it`);
  // It would fail when it is started, which may be hours away.
  const lost = warnings.find((warning) => /^mount source ".*" does not exist/.test(warning));
  return lost === undefined ? undefined : new EngineRefusedError(`nerdctl would not be able to start ${name}: ${lost}`);
}

/** Not by the caller's signal: what was made is taken back also when that was the reason. */
async function takeBack(client: Client, id: string, name: string): Promise<void> {
  const { exitCode } = await client.run(['rm', '--force', '--volumes', id], {
    signal: AbortSignal.timeout(takeBackMs),
  });
  if (exitCode !== 0)
    throw new EngineUnavailableError(
      `${name} was created and could not be removed again: ${client.words(['rm', '-f', id]).join(' ')}`,
    );
}
