import type { Members } from './members.ts';
import type { Said } from './docker-rules.ts';
import { note } from './rendering.ts';
import { duration, shellWord } from './words.ts';

export interface Process {
  readonly said: readonly Said[];
  /** What comes after the image. */
  readonly words: readonly string[];
}

/** `--entrypoint` takes one word; further ones become arguments, and what runs is the same. */
export function dockerProcess(body: Members): Process {
  const entrypoint = body.texts('Entrypoint');
  const command = body.texts('Cmd') ?? [];
  if (entrypoint === undefined) return { said: [], words: command };
  const [first = '', ...further] = entrypoint;
  const path = body.pathOf('Entrypoint');
  return {
    said: [
      { flag: '--entrypoint', value: first },
      ...(further.length > 0 ? [note(path, 'docker run takes one word; the others are said as arguments')] : []),
      ...(entrypoint.length === 0 && command.length === 0
        ? [note(path, "cleared, docker run does not take the image's command: it has to be given")]
        : []),
    ],
    words: [...further, ...command],
  };
}

/** The command line only knows checks by a shell. A check that is off has no other members. */
export function dockerHealthcheck(body: Members): Said[] {
  const check = body.inner('Healthcheck');
  const [kind, ...command] = check.texts('Test') ?? [];
  const path = check.pathOf('Test');
  if (kind === 'NONE') return [{ flag: '--no-healthcheck' }];
  return [
    ...testOf(kind, command, path),
    ...timed(check, 'Interval', '--health-interval'),
    ...timed(check, 'Timeout', '--health-timeout'),
    ...timed(check, 'StartPeriod', '--health-start-period'),
    ...timed(check, 'StartInterval', '--health-start-interval'),
    ...numbered(check, 'Retries', '--health-retries'),
  ];
}

function testOf(kind: string | undefined, command: readonly string[], path: string): Said[] {
  const [first, ...further] = command;
  if (kind === undefined) return [];
  if (kind === 'CMD-SHELL' && first && further.length === 0) return [{ flag: '--health-cmd', value: first }];
  if (kind !== 'CMD' || command.length === 0) return [note(path, 'docker run cannot say a check like this')];
  return [
    { flag: '--health-cmd', value: command.map(shellWord).join(' ') },
    note(path, "docker run has checks run by the image's shell; this one was run without"),
  ];
}

function timed(check: Members, name: string, flag: string): Said[] {
  const value = check.number(name);
  return value ? [{ flag, value: duration(value) }] : [];
}

function numbered(check: Members, name: string, flag: string): Said[] {
  const value = check.number(name);
  return value ? [{ flag, value: String(value) }] : [];
}
