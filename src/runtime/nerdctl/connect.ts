import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { EngineUnavailableError, InvalidRequestError, TimeoutError } from '../../errors.ts';
import type { StageOptions } from '../../events.ts';
import { type Client, createClient } from './client.ts';
import { refusal, unavailable } from './failures.ts';
import type { Abilities } from './flags.ts';
import { createLookup, type Lookup } from './lookup.ts';
import { namespaceInCgroup, ownPlace } from './own-place.ts';
import { read } from './read.ts';
import { capabilitiesIn } from './read-privileges.ts';
import { findWay, type HostMode } from './way.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface NerdctlOptions extends StageOptions {
  /** Of containerd. Ours, unless somebody names another. */
  readonly namespace?: string | undefined;
  readonly host?: HostMode | undefined;
}

/** A containerd that answers, and what is known of it. */
export interface Connection {
  readonly client: Client;
  readonly lookup: Lookup;
  readonly namespace: string;
  readonly description: string;
  readonly abilities: Abilities;
}

/** A containerd that accepts and never answers is given up before a user loses patience. */
const answerTimeoutMs = 4_000;
const usualAddress = '/run/containerd/containerd.sock';

/** @throws EngineUnavailableError, InvalidRequestError */
export async function connect(env: Environment, options: NerdctlOptions): Promise<Connection> {
  const { signal } = options;
  const way = findWay(env, options.host ?? hostMode(env['OFFSHOOT_HOST']));
  const place = ownPlace();
  const named = options.namespace ?? namespaceIn(env);
  if (named !== undefined && place !== undefined && place.namespace !== named)
    throw otherNamespace(named, place.namespace);
  const namespace = named ?? place?.namespace ?? namespaceInCgroup() ?? defaultNamespace(env);
  const client = createClient(way, flagsFor(env, namespace));
  const lookup = createLookup(client, givable(way.onHost));
  // Who connects asks for the container that it is in, most of the time: both questions at once.
  const early = new AbortController();
  if (place !== undefined) lookup.ahead(place.id, AbortSignal.any([signal, early.signal]));
  const versions = await versionsOf(client, signal).catch((error: unknown) => {
    early.abort(error);
    throw error;
  });
  const where = `${env['CONTAINERD_ADDRESS'] || usualAddress}${way.onHost ? ' of the host, by nsenter' : ''}`;
  return {
    client,
    lookup,
    namespace,
    description: `nerdctl ${versions.nerdctl} (containerd ${versions.containerd}), namespace ${namespace}, at ${where}`,
    abilities: { restartPolicies: !/^1\.[0-6]\./.test(versions.containerd) },
  };
}

/** As everybody names it. */
function namespaceIn(env: Environment): string | undefined {
  return ['OFFSHOOT_NAMESPACE', 'NERDCTL_NAMESPACE', 'CONTAINERD_NAMESPACE'].map((name) => env[name]).find(Boolean);
}

/** Where nothing tells our own: nerdctl's, or that of the tool in whose place we stand. */
function defaultNamespace(env: Environment): string {
  return env['OFFSHOOT_COMPAT'] === 'waitdaemon' ? 'tinkerbell' : 'default';
}

function otherNamespace(named: string, own: string): InvalidRequestError {
  const problem = `"${named}": this container is in the namespace ${own}, and cannot be found in another`;
  return new InvalidRequestError([{ name: 'OFFSHOOT_NAMESPACE', problem }]);
}

function hostMode(text: string | undefined): HostMode {
  return text === 'always' || text === 'never' ? text : 'auto';
}

/** As flags: those are kept for the hooks of a container, and the environment is nobody's. */
function flagsFor(env: Environment, namespace: string): string[] {
  const flags = { '--address': env['CONTAINERD_ADDRESS'], '--snapshotter': env['CONTAINERD_SNAPSHOTTER'] };
  return [
    ...['--namespace', namespace],
    ...Object.entries(flags).flatMap(([flag, value]) => (value ? [flag, value] : [])),
  ];
}

const versionAnswer = z.object({
  Client: z.object({ Version: z.string() }),
  Server: z.object({ Components: z.array(z.object({ Name: z.string(), Version: z.string().default('') })) }).nullish(),
});

async function versionsOf(client: Client, signal: AbortSignal): Promise<{ nerdctl: string; containerd: string }> {
  try {
    const answer = await client.run(['version', '--format', 'json'], { signal, timeoutMs: answerTimeoutMs });
    if (answer.exitCode !== 0)
      throw unavailable(answer) ?? new EngineUnavailableError(refusal(answer, 'tell its version').message);
    const { Client: ours, Server } = read('version', answer.stdout, versionAnswer);
    const containerd = Server?.Components.find(({ Name }) => Name === 'containerd')?.Version ?? '';
    return { nerdctl: ours.Version.replace(/^v/, ''), containerd: containerd.replace(/^v|[~+].*/g, '') };
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new EngineUnavailableError(`containerd does not answer within ${answerTimeoutMs / 1000} s`, {
      cause: error,
      hint: 'containerd hangs or is stopped; see its log.',
    });
  }
}

/** All that a privileged container here could have. */
function givable(onHost: boolean): string[] {
  try {
    return capabilitiesIn(readFileSync(`/proc/${onHost ? '1' : 'self'}/status`, 'utf8'));
  } catch {
    return [];
  }
}
