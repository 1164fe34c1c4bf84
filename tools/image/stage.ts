import { symlink, mkdir, rm } from 'node:fs/promises';
import { digest, sourcesOf } from './digest.ts';
import { context, home } from './layout.ts';
import { stageLauncher } from './stage-launcher.ts';
import { stageRuntime } from './stage-runtime.ts';

/**
 * Puts all that the Dockerfile copies into build/, unless it is there already. The answer identifies it.
 * Whoever calls holds the lock on build/.
 */
export async function stage(report: (line: string) => void): Promise<string> {
  const runtime = await stageRuntime(report);
  const launcher = await stageLauncher(runtime, report);
  await link(`${home}/offshoot`, `${context}/links/path`, 'offshoot');
  await link(`${home}/entrypoint.sh`, `${context}/links/root`, 'waitdaemon');
  return digest(launcher, await sourcesOf('Dockerfile', 'tools/image/stage.ts'));
}

async function link(target: string, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await rm(`${folder}/${name}`, { force: true });
  await symlink(target, `${folder}/${name}`);
}
