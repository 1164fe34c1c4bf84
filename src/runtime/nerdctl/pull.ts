import { ImageUnavailableError } from '../../errors.ts';
import { pullError } from '../pull-failure.ts';
import type { Client } from './client.ts';
import { unavailable } from './failures.ts';
import { logLines } from './log-lines.ts';

/** Quietly: its progress is a table for terminals, also where there is none. */
export async function pullImage(
  client: Client,
  reference: string,
  platform: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const flags = platform === undefined ? [] : ['--platform', platform];
  const answer = await client.run(['pull', '--quiet', ...flags, '--', reference], { signal, timeoutMs: Infinity });
  if (answer.exitCode === 0) return;
  const lines = logLines(answer.stderr).map(({ message }) => message);
  const words = (lines.at(-1) ?? `status ${answer.exitCode}`).replace(/^\d+ errors:\n/, '');
  // The words of a registry come after those about the socket.
  if (/containerd socket/.test(words)) throw unavailable(answer) ?? new ImageUnavailableError(words);
  const error = pullError(reference, words);
  if (error.reason !== 'denied') throw error;
  // It reads the logins itself.
  const hint = 'Is the name right, and is a login needed (of root, on the host)?';
  throw new ImageUnavailableError(error.message, { reason: 'denied', hint });
}
