/** One line that nerdctl says on its standard error: `time="…" level=fatal msg="…" error="…"`. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
}

const line = /^time="[^"]*" level=(\w+) msg=("(?:[^"\\]|\\.)*"|\S+)(?: error=("(?:[^"\\]|\\.)*"|\S+))?/;

/** What else is there (a usage text, the words of `nsenter` or of the loader) counts as an error. */
export function logLines(stderr: string): LogLine[] {
  return stderr
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const [, level, message = '', error] = line.exec(text) ?? [];
      if (level === undefined) return { level: 'error', message: text.trim() };
      const cause = error === undefined ? '' : `: ${unquoted(error)}`;
      return { level, message: `${unquoted(message)}${cause}` };
    });
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Go's quoting, as far as messages have it. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/g, (_, byte?: string, unit?: string, letter = '') =>
      byte === undefined && unit === undefined
        ? (escapes[letter as string] ?? String(letter))
        : String.fromCharCode(Number.parseInt(byte ?? unit ?? '', 16)),
    );
}

/** Why it gave up: its last word, which is fatal where nerdctl itself said it. */
export function reasonIn(stderr: string): string {
  const lines = logLines(stderr);
  const last =
    lines.findLast(({ level }) => level === 'fatal') ??
    lines.findLast(({ level }) => level === 'error') ??
    lines.at(-1);
  return (last?.message ?? '').replace(/^\d+ errors:\n/, '').trim();
}

/** Said by nerdctl on every machine of some kind, whatever it is asked: nobody can do anything about them. */
const noise = /failed to inspect NetNS|systemd DBUS|force cleanup|CNI plugin|cni.*newer than|buildctl|already running/i;

export function warningsIn(stderr: string): string[] {
  return logLines(stderr).flatMap(({ level, message }) =>
    level === 'warning' && !noise.test(message) ? [message] : [],
  );
}
