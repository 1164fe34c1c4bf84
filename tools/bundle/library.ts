import { basename } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { define, packageJson, root, type Size } from './package.ts';

/** dist/index.js: what `import … from 'offshoot'` loads. The adapters are chunks of their own, loaded on demand. */
export async function buildLibrary(folder: string): Promise<Size[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`${root}/src/index.ts`],
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node22.13',
    define,
    packages: 'external',
    metafile: true,
    logLevel: 'warning',
  });
  refuseUndeclared(metafile);
  const sizes = Object.entries(metafile.outputs).map(([path, { bytes }]): Size => [path.replace(/^dist\//, ''), bytes]);
  return sizes.toSorted(([left], [right]) => basename(left).localeCompare(basename(right)));
}

/** Who installs offshoot gets its dependencies, and not what happens to lie in our node_modules. */
function refuseUndeclared({ outputs }: Metafile): void {
  const imports = Object.values(outputs).flatMap((output) => output.imports.filter(({ external }) => external));
  const packages = imports.map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  const undeclared = packages.filter(
    (name) => !name.startsWith('node:') && !Object.hasOwn(packageJson.dependencies, name),
  );
  if (undeclared.length > 0)
    throw new Error(`src imports what package.json has no dependency on: ${[...new Set(undeclared)].join(', ')}`);
}
