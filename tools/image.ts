// npm run image [-- --base REFERENCE] [--no-pull]: builds and tags offshoot:dev, offshoot:waitdaemon and
// offshoot:bundle on the engine that DOCKER_HOST names. Nothing happens when they are up to date.
import { parseArgs } from 'node:util';
import { chooseBase } from './image/base.ts';
import { connect, imageOf } from './image/connect.ts';
import { context } from './image/layout.ts';
import { withLock } from './image/lock.ts';
import { stage } from './image/stage.ts';
import { buildTarget } from './image/target.ts';

export interface ImageOptions {
  /** As in DOCKER_HOST; the standard socket when empty. */
  readonly dockerHost: string | undefined;
  /** What to build on; chosen when not given. */
  readonly base?: string | undefined;
  /** May the base be pulled? That takes up to 20 s where no registry answers. */
  readonly pull: boolean;
  readonly report: (line: string) => void;
}

/** Ids of images. */
export interface Images {
  readonly dev: string;
  readonly waitdaemon: string;
  readonly bundle: string;
}

export async function buildImages({ dockerHost, base, pull, report }: ImageOptions): Promise<Images> {
  const docker = connect(dockerHost);
  const [staged, chosen] = await Promise.all([
    withLock(context, () => stage(report)),
    base ?? chooseBase(docker, pull, report),
  ]);
  const id = (await imageOf(docker, chosen))?.Id ?? chosen;
  const options = { base: chosen, revision: `${staged}-${id}` };
  // One after the other: the later ones find most of their layers in the engine's cache.
  const dev = await buildTarget(docker, { name: 'offshoot', tag: 'offshoot:dev' }, options, report);
  const waitdaemon = await buildTarget(docker, { name: 'waitdaemon', tag: 'offshoot:waitdaemon' }, options, report);
  const bundle = await buildTarget(docker, { name: 'bundle', tag: 'offshoot:bundle' }, options, report);
  return { dev, waitdaemon, bundle };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { base: { type: 'string' }, 'no-pull': { type: 'boolean', default: false } },
  });
  try {
    const images = await buildImages({
      dockerHost: process.env['DOCKER_HOST'],
      base: values.base ?? (process.env['OFFSHOOT_BASE'] || undefined),
      pull: !values['no-pull'],
      report: (line) => console.error(line),
    });
    console.log(JSON.stringify(images));
  } catch (error) {
    console.error(`no image: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
