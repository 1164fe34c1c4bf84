import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { librariesOf } from './libraries.ts';
import { home, loaderName } from './layout.ts';
import { fileOfPackage } from './packages.ts';
import { run } from './run.ts';
import { trimElf } from './trim-elf.ts';

/**
 * Copies a program of this machine so that it runs in any image, whatever libc that has or has not: with our own
 * loader and libraries, which are copied too. RPATH and not RUNPATH, because only that goes before LD_LIBRARY_PATH.
 */
export async function relocate(
  program: string,
  folder: string,
  name: string,
  report: (line: string) => void,
): Promise<void> {
  const target = `${folder}/bin/${name}`;
  await copyFile(program, target);
  const patchelf = await fileOfPackage('/usr/bin/patchelf', 'patchelf', report);
  await run(patchelf, [
    '--set-interpreter',
    `${home}/lib/${loaderName}`,
    '--force-rpath',
    '--set-rpath',
    `${home}/lib`,
    target,
  ]);
  await writeFile(target, trimElf(await readFile(target)));
  await chmod(target, 0o755);
  for (const [library, path] of await librariesOf(program)) {
    await copyFile(path, `${folder}/lib/${library}`);
    await chmod(`${folder}/lib/${library}`, 0o755);
  }
}
