import type Docker from 'dockerode';
import { packageJson, root } from '../bundle/package.ts';
import { imageOf } from './connect.ts';
import { followMessages } from './messages.ts';
import { tar } from './tar.ts';

export interface Target {
  readonly name: 'offshoot' | 'waitdaemon' | 'bundle';
  readonly tag: string;
}

const revisionLabel = 'org.opencontainers.image.revision';

/** Builds one target of the Dockerfile unless the engine has it; the image's id. */
export async function buildTarget(
  docker: Docker,
  { name, tag }: Target,
  { base, revision }: { readonly base: string; readonly revision: string },
  report: (line: string) => void,
): Promise<string> {
  const present = await imageOf(docker, tag);
  if (present?.Config.Labels?.[revisionLabel] === revision) return present.Id;
  report(`building ${tag}`);
  const context = tar(root, ['Dockerfile', 'build/runtime', 'build/launcher', 'build/links']);
  const answer = await docker.buildImage(context, {
    t: tag,
    target: name,
    buildargs: { BASE: base, VERSION: packageJson.version, REVISION: revision },
    rm: true,
    forcerm: true,
  });
  await followMessages(answer, report);
  const built = await imageOf(docker, tag);
  if (built === undefined) throw new Error(`the engine built ${tag} and has no such image`);
  return built.Id;
}
