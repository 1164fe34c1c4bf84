import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { build, transform } from 'esbuild';
import { licensesOf } from './licenses.ts';
import { define, root, type Size } from './package.ts';
import { slimDockerode } from './slim-dockerode.ts';

/** The launcher: what is executed, and what that loads. */
export interface Launcher {
  /** An ES module without its #! line. */
  readonly boot: string;
  /** A function of `require` that runs the launcher, as text: boot.ts compiles it. */
  readonly main: string;
  readonly licenses: string;
}

const target = 'node22.13';

export async function bundleLauncher(entry = `${root}/src/cli.ts`): Promise<Launcher> {
  const [boot, main] = await Promise.all([bundleBoot(), bundleMain(entry)]);
  return { boot, ...main };
}

export async function writeLauncher(folder: string): Promise<Size[]> {
  const { boot, main, licenses } = await bundleLauncher();
  const files = {
    'offshoot.js': `#!/usr/bin/env node\n${boot}`,
    'launcher.cjs': main,
    'launcher.licenses.txt': licenses,
  };
  await mkdir(folder, { recursive: true });
  return await Promise.all(
    Object.entries(files).map(async ([name, text]): Promise<Size> => {
      await writeFile(`${folder}/${name}`, text, { mode: name === 'offshoot.js' ? 0o755 : 0o644 });
      return [name, Buffer.byteLength(text)];
    }),
  );
}

async function bundleBoot(): Promise<string> {
  const source = await readFile(new URL('boot.ts', import.meta.url), 'utf8');
  return (await transform(source, { loader: 'ts', target, minifySyntax: true, minifyWhitespace: true })).code;
}

/**
 * One file, and CommonJS: the code cache spares the compilation of what is not used, so splitting gains nothing, and
 * `import http from 'node:http'` in an ES module reads every export, which loads all of undici (+26 ms).
 */
async function bundleMain(entry: string): Promise<{ main: string; licenses: string }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target,
    define,
    plugins: [slimDockerode],
    // node: modules are required when they are needed, without the loader of ES modules.
    supported: { 'dynamic-import': false },
    banner: { js: '(function(require){const module={exports:{}};' },
    footer: { js: 'return module.exports.main()})' },
    minifySyntax: true,
    minifyWhitespace: true,
    // Node shows the line of an uncaught error: it must not be the whole program.
    lineLimit: 160,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return { main: outputFiles[0]?.text ?? '', licenses: await licensesOf(Object.keys(metafile.inputs)) };
}
