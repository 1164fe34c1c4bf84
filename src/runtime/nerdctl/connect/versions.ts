import * as z from 'zod';
import { EngineUnavailableError, InvalidRequestError, TimeoutError } from '../../../errors.ts';
import type { Client, RunOptions } from '../command/client.ts';
import { refusal, unavailable } from '../command/failures.ts';
import type { Abilities } from '../create/flags.ts';
import { read } from '../command/read.ts';

export interface Versions {
  readonly nerdctl: string;
  readonly containerd: string;
  /** `linux/amd64` */
  readonly platform: string;
}

/** A containerd that accepts and never answers is given up before a user loses patience. */
const answerTimeoutMs = 4_000;
/** Older ones do not know all flags and answers that are used here. */
const oldestNerdctl = 2;

const versionAnswer = z.object({
  Client: z.object({ Version: z.string(), Os: z.string().default('linux'), Arch: z.string().default('unknown') }),
  Server: z.object({ Components: z.array(z.object({ Name: z.string(), Version: z.string().default('') })) }).nullish(),
});

/** @throws EngineUnavailableError */
export async function versionsOf(client: Client, signal: AbortSignal): Promise<Versions> {
  try {
    return await askVersions(client, { signal, timeoutMs: answerTimeoutMs });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new EngineUnavailableError(`containerd does not answer within ${answerTimeoutMs / 1000} s`, {
      cause: error,
      hint: 'containerd hangs or is stopped; see its log.',
    });
  }
}

/** @throws EngineUnavailableError */
export async function askVersions(client: Client, options: RunOptions): Promise<Versions> {
  const answer = await client.run(['version', '--format', 'json'], options);
  if (answer.exitCode !== 0)
    throw unavailable(answer) ?? new EngineUnavailableError(refusal(answer, 'tell its version').message);
  return versionsIn(answer.stdout);
}

/** The answer of `nerdctl version`. @throws EngineUnavailableError for one that is too old */
export function versionsIn(text: string): Versions {
  const { Client: ours, Server } = read('version', text, versionAnswer);
  const containerd = Server?.Components.find(({ Name }) => Name === 'containerd')?.Version ?? '';
  const nerdctl = ours.Version.replace(/^v/, '');
  // One that somebody has built without a number is taken for new.
  if (Number.parseInt(nerdctl, 10) < oldestNerdctl)
    throw new EngineUnavailableError(`nerdctl ${nerdctl} is too old: offshoot needs ${oldestNerdctl}.0 or newer`, {
      hint: 'A newer nerdctl works with the same containerd.',
    });
  const platform = `${ours.Os}/${ours.Arch}`;
  return { nerdctl, containerd: containerd.replace(/^v|[~+].*/g, ''), platform };
}

export function abilitiesOf({ containerd }: Versions): Abilities {
  return { restartPolicies: !/^1\.[0-6]\./.test(containerd) };
}

/** A namespace is there as soon as something is put into it: a wrong name would only be empty. @throws InvalidRequestError */
export async function checkNamespace(client: Client, namespace: string, signal: AbortSignal): Promise<void> {
  const answer = await client.run(['namespace', 'ls', '--quiet'], { signal });
  const names = answer.stdout.split('\n').filter(Boolean);
  if (answer.exitCode !== 0 || names.includes(namespace)) return;
  const problem = `"${namespace}": this containerd has no such namespace; it has ${names.join(', ') || 'none'}`;
  throw new InvalidRequestError([{ name: 'OFFSHOOT_NAMESPACE', problem }]);
}
