import { ImageUnavailableError } from '../../errors.ts';
import type { Client } from './client.ts';
import { unavailable } from './failures.ts';
import { logLines } from './log-lines.ts';

/** Quietly: its progress is a table for terminals, also where there is none. */
export async function pullImage(client: Client, reference: string, signal: AbortSignal): Promise<void> {
  const answer = await client.run(['pull', '--quiet', '--', reference], { signal, timeoutMs: Infinity });
  if (answer.exitCode === 0) return;
  const lines = logLines(answer.stderr).map(({ message }) => message);
  const words = (lines.at(-1) ?? `status ${answer.exitCode}`).replace(/^\d+ errors:\n/, '');
  // The words of a registry come after those about the socket.
  if (/containerd socket/.test(words)) throw unavailable(answer) ?? new ImageUnavailableError(words);
  const [, hint] = causes.find(([pattern]) => pattern.test(words)) ?? [];
  throw new ImageUnavailableError(`${reference} cannot be pulled: ${words}`, { hint });
}

const causes: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/toomanyrequests|too many requests|\b429\b/i, 'The registry limits how often it is asked; try later or log in.'],
  [/no match for platform|no unpack platforms|does not provide/i, 'There is no such image for this platform.'],
  [/no space left/i, "The disk of containerd's host is full."],
  [
    /unexpected commit digest|failed precondition|digest mismatch/i,
    'What the registry sends is not what its digest says: is there a broken proxy or mirror in between?',
  ],
  [
    /unauthorized|denied|forbidden|authorization failed|no basic auth|\b40[13]\b/i,
    'The registry does not give it to us: is the name right, and is a login needed (of root, on the host)?',
  ],
  [/not found|manifest unknown|\b404\b/i, 'There is no such image or tag at the registry.'],
  [
    /no such host|dial tcp|i\/o timeout|connection refused|server misbehaving|failed to do request|network is unreachable|TLS|x509/i,
    'The registry cannot be reached from the host.',
  ],
  [/EOF|connection reset|\b5\d\d\b/, 'The registry or the way to it is in trouble; trying again may help.'],
];
