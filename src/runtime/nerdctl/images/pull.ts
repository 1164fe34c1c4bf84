import { ImageUnavailableError } from '../../../errors.ts';
import type { Call } from '../../adapter.ts';
import { pullError } from '../../pull-failure.ts';
import type { PullOptions } from '../../runtime.ts';
import type { Client } from '../command/client.ts';
import { type Answer, unavailable } from '../command/failures.ts';
import { follow } from '../command/follow.ts';
import { logLines } from '../command/log-lines.ts';
import { pullTable } from './pull-progress.ts';
import { loginFor } from './registry-login.ts';

type Options = PullOptions & Call;

export async function pullImage(client: Client, reference: string, options: Options): Promise<void> {
  const { platform, auth, onProgress, signal } = options;
  const login = await loginFor(client.way, auth);
  try {
    const flags = platform === undefined ? [] : ['--platform', platform];
    const work = onProgress === undefined ? pullQuietly : pullLoudly;
    const answer = await work(client, [...flags, '--', reference], { ...options, env: login.env });
    signal.throwIfAborted();
    if (answer.exitCode !== 0) throw failureOf(answer, reference);
  } finally {
    await login.remove();
  }
}

type Environment = { readonly env: Readonly<Record<string, string>> };

async function pullQuietly(
  client: Client,
  args: readonly string[],
  { signal, env }: Options & Environment,
): Promise<Answer> {
  return client.run(['pull', '--quiet', ...args], { signal, env, timeoutMs: Infinity });
}

/** Its progress is a table for terminals, also where there is none. */
async function pullLoudly(
  client: Client,
  args: readonly string[],
  { signal, env, onProgress }: Options & Environment,
): Promise<Answer> {
  const table = pullTable();
  const answer = await follow(client, ['pull', ...args], {
    signal,
    env,
    onStdout: (line) => {
      const progress = table.read(line);
      if (progress !== undefined) onProgress?.(progress);
    },
  });
  if (answer.exitCode === 0) for (const progress of table.finish()) onProgress?.(progress);
  return answer;
}

function failureOf(answer: Answer, reference: string): Error {
  const lines = logLines(answer.stderr).map(({ message }) => message);
  const words = (lines.at(-1) ?? `status ${answer.exitCode}`).replace(/^\d+ errors:\n/, '');
  // The words of a registry come after those about the socket.
  if (/containerd socket/.test(words)) return unavailable(answer) ?? new ImageUnavailableError(words);
  const error = pullError(reference, words);
  if (error.reason !== 'denied') return error;
  // It reads the logins itself.
  const hint = 'Is the name right, and is a login needed (of root, on the host)?';
  return new ImageUnavailableError(error.message, { reason: 'denied', hint });
}
