import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { bundleLauncher, type Launcher } from '../bundle/launcher.ts';
import { root } from '../bundle/package.ts';
import { digest, fillOnce, sourcesOf } from './digest.ts';
import { home, launcherFolder, loaderName, nodeFlags, runtimeFolder } from './layout.ts';
import { run } from './run.ts';

const makeCodeCache = 'tools/image/make-code-cache.ts';

/** The launcher and entrypoint.sh, for the Node that is staged; the identity of both. */
export async function stageLauncher(runtime: string, report: (line: string) => void): Promise<string> {
  const launcher = await bundleLauncher();
  const sources = await sourcesOf(
    'entrypoint.sh',
    makeCodeCache,
    'tools/image/stage-launcher.ts',
    'tools/image/layout.ts',
  );
  const identity = digest(runtime, JSON.stringify(launcher), sources);
  await fillOnce(launcherFolder, identity, async (folder) => {
    report('staging the launcher');
    await write(folder, launcher);
    await copyFile(`${root}/entrypoint.sh`, `${folder}/entrypoint.sh`);
    await chmod(`${folder}/entrypoint.sh`, 0o755);
    // By the staged Node, which also proves that it runs with nothing but the libraries beside it.
    const node = ['--library-path', `${runtimeFolder}/lib`, `${runtimeFolder}/bin/node`, ...nodeFlags];
    await run(`${runtimeFolder}/lib/${loaderName}`, [
      ...node,
      `${root}/${makeCodeCache}`,
      `${folder}/launcher.cjs`,
      `${folder}/launcher.cache`,
    ]);
  });
  return identity;
}

async function write(folder: string, { boot, main, licenses }: Launcher): Promise<void> {
  await writeFile(`${folder}/offshoot`, `#!${home}/bin/node ${nodeFlags.join(' ')}\n${boot}`, { mode: 0o755 });
  await writeFile(`${folder}/package.json`, '{ "type": "module" }\n');
  await writeFile(`${folder}/launcher.cjs`, main);
  await mkdir(`${folder}/licenses`);
  await writeFile(`${folder}/licenses/launcher.txt`, licenses);
}
