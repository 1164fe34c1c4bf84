import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { root, type Size } from './package.ts';

const run = promisify(execFile);

/** dist/types: the declarations of what src/index.ts reaches. */
export async function buildTypes(folder: string): Promise<Size[]> {
  const types = `${folder}/types`;
  await run(`${root}/node_modules/.bin/tsc`, ['-p', 'tsconfig.build.json', '--outDir', types], { cwd: root }).catch(
    (error: Error & { stdout?: string }) => {
      throw new Error(`tsc failed\n${error.stdout ?? ''}`, { cause: error });
    },
  );
  const names = (await readdir(types, { recursive: true })).filter((name) => name.endsWith('.d.ts'));
  await Promise.all(names.map((name) => rewriteSpecifiers(`${types}/${name}`)));
  return [['types/index.d.ts', (await stat(`${types}/index.d.ts`)).size]];
}

/** tsc leaves `./x.ts` as it is in declarations, where no such file lies beside them. */
async function rewriteSpecifiers(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replaceAll(/(\bfrom |\bimport\()(['"])(\.{1,2}\/[^'"]+)\.ts\2/g, '$1$2$3.js$2'));
}
