import { readFile, readdir } from 'node:fs/promises';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const etc = '/etc/apt';

/** A line for an apt list of another suite, from the mirror that this machine itself is set up to use. */
export async function sourceLine(suite: string): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(.+)$/m.exec(release)?.[1] ?? 'stable';
  for (const file of await sourceFiles()) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const uri = file.endsWith('.sources') ? uriFromStanzas(text, codename) : uriFromLines(text, codename);
    if (uri) return `deb [signed-by=${keyring}] ${uri} ${suite} main\n`;
  }
  throw new Error(`no mirror of Debian ${codename} in ${etc}/sources.list and ${etc}/sources.list.d`);
}

async function sourceFiles(): Promise<string[]> {
  const parts = await readdir(`${etc}/sources.list.d`).catch(() => []);
  const named = parts.filter((name) => /\.(?:sources|list)$/.test(name)).toSorted();
  return [...named.map((name) => `${etc}/sources.list.d/${name}`), `${etc}/sources.list`];
}

/** The deb822 form. Security and updates are suites of their own names, so the release's name stands for the archive. */
export function uriFromStanzas(text: string, codename: string): string | undefined {
  for (const stanza of text.split(/\n\s*\n/)) {
    const words = (field: string): string[] =>
      new RegExp(`^${field}:[ \\t]*(.*)$`, 'im').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    const enabled = words('Enabled')[0] !== 'no';
    if (enabled && words('Suites').includes(codename) && words('Components').includes('main')) return words('URIs')[0];
  }
  return undefined;
}

/** The one-line form: deb [options] URI SUITE COMPONENT… */
export function uriFromLines(text: string, codename: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, uri, suite, components] = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (suite === codename && components?.split(/\s+/).includes('main')) return uri;
  }
  return undefined;
}
