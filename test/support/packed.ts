import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder of its own in which the packed tarball is installed, as users get it, beside our examples. */
export async function folderWithPackage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-packed-'));
  const run = execa({ cwd: folder, preferLocal: true, localDir: root });
  try {
    await execa('node', ['tools/build.ts'], { cwd: root, preferLocal: true });
    const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const { stdout } = await execa('npm', packing, { cwd: root });
    const [{ filename = '' } = {}] = Object.values(JSON.parse(stdout) as Record<string, { filename?: string }>);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`]);
    await cp(join(root, 'examples'), folder, { recursive: true });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
