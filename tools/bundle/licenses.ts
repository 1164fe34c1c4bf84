import { readdir, readFile } from 'node:fs/promises';
import { root } from './package.ts';

/** The licences of the packages that esbuild took these files from: whoever passes a bundle on has to pass them on. */
export async function licensesOf(files: readonly string[]): Promise<string> {
  const names = new Set<string>();
  for (const file of files) {
    const name = /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
    if (name !== undefined) names.add(name);
  }
  const texts = await Promise.all([...names].toSorted().map(async (name) => `# ${name}\n\n${await licenseOf(name)}`));
  return texts.join('\n\n');
}

async function licenseOf(name: string): Promise<string> {
  const folder = `${root}/node_modules/${name}`;
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file !== undefined) return (await readFile(`${folder}/${file}`, 'utf8')).trim();
  const { license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as { license?: string };
  return license ?? 'unknown';
}
