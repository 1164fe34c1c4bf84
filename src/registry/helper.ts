import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { aborted, killGroup } from '../runtime/process-group.ts';
import type { StoredLogin } from './config.ts';
import type { Environment } from './sources.ts';

/** A helper asks a key store or a cloud; one that takes longer waits for somebody who is not there. */
const limitMs = 10_000;

const answer = z.object({ Username: z.string(), Secret: z.string() });

export interface HelperOptions {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number | undefined;
}

/**
 * Asks `docker-credential-NAME get` for a registry. `undefined`: it has no login for it.
 * @throws Error saying why there is no answer, with nothing that the helper said
 */
export async function askHelper(
  name: string,
  serverAddress: string,
  { env, signal, timeoutMs = limitMs }: HelperOptions,
): Promise<StoredLogin | undefined> {
  signal.throwIfAborted();
  const { execa } = await import('execa');
  const child = execa(`docker-credential-${name}`, ['get'], {
    env: definedIn(env),
    extendEnv: false,
    input: serverAddress,
    stderr: 'ignore',
    maxBuffer: 1024 * 1024,
    reject: false,
    // A group of its own, so that all that it has started ends with it.
    detached: true,
    cleanup: false,
  });
  const over = new AbortController();
  try {
    const result = await Promise.race([child, aborted(signal, over.signal), late(timeoutMs, over.signal)]);
    if (result.exitCode === undefined)
      throw new Error(result.code === 'ENOENT' ? 'it is not in PATH' : 'it cannot be run');
    if (result.exitCode === 0) return loginIn(result.stdout);
    if (/credentials not found in native keychain/.test(result.stdout)) return undefined;
    throw new Error(`it failed with status ${result.exitCode}`);
  } finally {
    over.abort();
    killGroup(child.pid);
  }
}

async function late(ms: number, over: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal: over }).catch(() => {});
  throw new Error(`it did not answer within ${ms / 1000} s`);
}

function loginIn(stdout: string): StoredLogin | undefined {
  let said: z.output<typeof answer>;
  try {
    said = answer.parse(JSON.parse(stdout));
  } catch {
    throw new Error('its answer is not that of a credential helper');
  }
  const { Username: username, Secret: secret } = said;
  if (secret === '') return undefined;
  return username === '<token>' ? { identityToken: secret } : { username, password: secret };
}

function definedIn(env: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
