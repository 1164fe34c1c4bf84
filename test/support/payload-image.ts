import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { ensurePackages } from '../../tools/engines/index.ts';

const busybox = '/bin/busybox';
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Dockerfile instructions (`LABEL a=b`, `USER 1000`, `ENTRYPOINT ["/bin/sh"]`); later ones win over the defaults. */
export interface PayloadOptions {
  readonly changes?: readonly string[];
}

/** An image of Debian's static busybox, made without a registry; its id. All of busybox's commands are in /bin. */
export async function importBusybox(
  engine: { readonly socket: string },
  ref = 'offshoot-test/busybox:1',
  options: PayloadOptions = {},
): Promise<string> {
  // The tag with the name, as the docker command line does it: Podman ignores a tag of its own.
  const query = new URLSearchParams({ fromSrc: '-', repo: ref });
  const changes = [`ENV PATH=${searchPath}`, 'CMD ["sh"]', ...(options.changes ?? [])];
  for (const change of changes) query.append('changes', change);
  const progress = await call(engine.socket, 'POST', `/images/create?${query.toString()}`, await rootfs());
  // Failures come in the stream, after a status of 200.
  const failure = progress.split('\n').find((line) => line.includes('"error"'));
  if (failure) throw new Error(`cannot import ${ref}: ${failure}`);
  // The id in the stream is another one where containerd keeps the images.
  const image = await call(engine.socket, 'GET', `/images/${encodeURIComponent(ref)}/json`);
  return (JSON.parse(image) as { Id: string }).Id;
}

let tarball: Promise<Buffer> | undefined;

/** The same two megabytes for every engine and image of a test run. */
function rootfs(): Promise<Buffer> {
  return (tarball ??= makeRootfs());
}

async function makeRootfs(): Promise<Buffer> {
  await ensurePackages({ [busybox]: 'busybox-static' });
  const root = await mkdtemp(join(tmpdir(), 'offshoot-rootfs-'));
  try {
    const folders = ['bin', 'etc', 'proc', 'sys', 'dev', 'run', 'var', 'root', 'tmp'];
    await Promise.all(folders.map((folder) => mkdir(join(root, folder))));
    await chmod(root, 0o755); // a temporary folder is closed to others; the image's users have to enter it
    await chmod(join(root, 'tmp'), 0o1777);
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n');
    await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
    await copyFile(busybox, join(root, 'bin/busybox'));
    await execa(join(root, 'bin/busybox'), ['--install', join(root, 'bin')]); // hard links
    const owner = ['--numeric-owner', '--owner=0', '--group=0'];
    const { stdout } = await execa('tar', ['--create', ...owner, '--directory', root, '.'], { encoding: 'buffer' });
    return Buffer.from(stdout);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function call(socketPath: string, method: string, path: string, body?: Buffer): Promise<string> {
  const headers = body ? { 'Content-Type': 'application/x-tar', 'Content-Length': body.length } : {};
  const sent = request({ socketPath, method, path, headers }).end(body);
  sent.on('error', () => {}); // an engine that answers before it has read all; the answer says more
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${response.statusCode} ${answer}`);
  return answer;
}
