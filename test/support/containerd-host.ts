import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { execa } from 'execa';
import type { ContainerdHost } from '../../tools/containerd/index.ts';
import { withLock } from '../../tools/image/lock.ts';
import type { TestEngine } from './global-engines.ts';

/** What the engines of a test run have, see global-engines.ts. */
export const payloadImage = 'offshoot-test/busybox:1';
export const offshootImages: readonly string[] = ['offshoot:dev', 'offshoot:waitdaemon', 'offshoot:bundle'];

/** Nothing installs nerdctl here: no package of Debian 12 has it. Tests that need it are skipped without it. */
export function nerdctlOnPath(): string | undefined {
  return onPath('nerdctl');
}

/** BuildKit’s programs, which no package of Debian 12 has either. */
export function buildkitOnPath(): { readonly buildctl: string; readonly buildkitd: string } | undefined {
  const [buildctl, buildkitd] = [onPath('buildctl'), onPath('buildkitd')];
  return buildctl === undefined || buildkitd === undefined ? undefined : { buildctl, buildkitd };
}

function onPath(program: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, program)).find(isProgram);
}

const isDocker = ({ kind }: TestEngine): boolean => kind.startsWith('docker-');

/** Why tests on hosts of containerd cannot run here; it belongs into the name of what is skipped. */
export function whyNoContainerdHost(engines: readonly TestEngine[]): string | undefined {
  if (nerdctlOnPath() === undefined) return 'no nerdctl on PATH';
  return engines.some(isDocker) ? undefined : 'no Docker engine to take images from';
}

/** The output of nerdctl, which has to succeed. */
export async function nerdctlOk(host: ContainerdHost, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await host.nerdctl(args);
  if (exitCode !== 0) throw new Error(`nerdctl ${args.join(' ')}: ${exitCode}: ${stderr}`);
  return stdout;
}

/**
 * Images of a Docker engine, on a host of containerd as well. They keep their names; their ids are others, because
 * Docker's is the digest of the config and nerdctl's that of the manifest.
 */
export async function loadImages(
  host: ContainerdHost,
  engines: readonly TestEngine[],
  references: readonly string[],
  options: { readonly namespace?: string } = {},
): Promise<void> {
  const engine = engines.find(isDocker);
  if (engine === undefined) throw new Error('no Docker engine has the images');
  const archive = await savedImages(engine, references);
  const { exitCode, stderr } = await host.nerdctl(['load', '--input', archive], options);
  if (exitCode !== 0) throw new Error(`nerdctl load: ${stderr}`);
}

/** In the engine's folder: made once for all files of a test run, and deleted with the engine. */
async function savedImages({ host, socket, docker }: TestEngine, references: readonly string[]): Promise<string> {
  const name = createHash('sha256').update(references.join(' ')).digest('hex').slice(0, 12);
  const archive = join(dirname(socket), `images-${name}.tar`);
  await withLock(dirname(socket), async () => {
    if (existsSync(archive)) return;
    await execa(docker, ['--host', host, 'save', '--output', `${archive}.part`, ...references]);
    await rename(`${archive}.part`, archive);
  });
  return archive;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
