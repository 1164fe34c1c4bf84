/**
 * The settings of a nerdctl.toml that are texts, by their names. It has no tables, and what else it holds (numbers,
 * lists) tells nothing of where containerd is.
 */
export function readNerdctlToml(text: string): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const line of text.split('\n')) {
    if (/^\s*\[/.test(line)) break;
    const [, name, basic, literal] =
      /^\s*"?([A-Za-z0-9_-]+)"?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:#.*)?$/.exec(line.trimEnd()) ?? [];
    if (name !== undefined) entries.push([name, literal ?? unescaped(basic ?? '')]);
  }
  return Object.fromEntries(entries);
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(["\\])/g, '$1');
}
