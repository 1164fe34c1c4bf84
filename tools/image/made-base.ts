import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type Docker from 'dockerode';
import { imageOf } from './connect.ts';
import { digest, sourcesOf, stateOf } from './digest.ts';
import { librariesOf } from './libraries.ts';
import { followMessages } from './messages.ts';
import { isThere } from './packages.ts';
import { tar } from './tar.ts';
import { tinyShell } from './tiny-shell.ts';

export const madeBase = 'offshoot-base:dev';
const label = 'dev.offshoot.base';
const programs =
  'cat chmod cp cut date dirname echo env false head hostname id kill ln ls mkdir mv printenv readlink rm rmdir seq stat tail test touch true uname wc';

/** Imports a small root file system made of this machine's programs; its tag. */
export async function makeBase(docker: Docker, report: (line: string) => void): Promise<string> {
  const files = await filesOfBase(report);
  const identity = digest(await sourcesOf('tools/image/made-base.ts'), await stateOf(...files.values()));
  if ((await imageOf(docker, madeBase))?.Config.Labels?.[label] === identity) return madeBase;
  report(`making the base ${madeBase} of this machine's programs`);
  const folder = await mkdtemp(`${tmpdir()}/offshoot-base-`);
  try {
    await fill(folder, files);
    const answer = await docker.importImage(tar(folder, ['.']), {
      repo: madeBase, // with its tag, because Podman ignores one that is given apart
      changes: [
        `LABEL ${label}=${identity}`,
        'CMD ["/bin/sh"]',
        'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ],
    });
    await followMessages(answer, () => {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return madeBase;
}

/** From a path in the image to one on this machine. */
async function filesOfBase(report: (line: string) => void): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const shell = await tinyShell(report);
  if (shell !== undefined) files.set('/bin/sh', shell.sh).set('/bin/sleep', shell.sleep).set(shell.libc, shell.libc);
  const others = shell === undefined ? `sh sleep ${programs}` : programs;
  for (const name of others.split(' ')) if (await isThere(`/bin/${name}`)) files.set(`/bin/${name}`, `/bin/${name}`);
  const dynamic = [...files.values()].filter((path) => path.startsWith('/bin/'));
  for (const libraries of await Promise.all(dynamic.map(librariesOf))) {
    for (const path of libraries.values()) files.set(path, path);
  }
  return files;
}

async function fill(root: string, files: Map<string, string>): Promise<void> {
  for (const name of ['bin', 'etc', 'tmp', 'root', 'usr/local/bin'])
    await mkdir(`${root}/${name}`, { recursive: true });
  await chmod(`${root}/tmp`, 0o1777);
  await symlink('../bin', `${root}/usr/bin`);
  await writeFile(`${root}/etc/passwd`, 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
  await writeFile(`${root}/etc/group`, 'root:x:0:\nnogroup:x:65534:\n');
  for (const [path, source] of files) {
    await mkdir(dirname(root + path), { recursive: true });
    await copyFile(source, root + path);
    await chmod(root + path, 0o755);
  }
}
