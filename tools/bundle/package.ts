import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root, without a slash at its end. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

interface PackageJson {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

export const packageJson: PackageJson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as PackageJson;

/** What the source may ask for by name; it has no other way to know its own version once it is bundled. */
export const define: Readonly<Record<string, string>> = { OFFSHOOT_VERSION: JSON.stringify(packageJson.version) };

/** Name in dist/ and bytes. */
export type Size = readonly [name: string, bytes: number];
