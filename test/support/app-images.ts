import { execa } from 'execa';
import type { LabEngine } from './lab.ts';
import { importBusybox } from './payload-image.ts';

/** An image that has offshoot in it, as people build theirs, and the image that its siblings are of. */
export interface AppImages {
  /** busybox's shell, offshoot from `offshoot:bundle`, and an entrypoint and defaults of its own. */
  readonly app: string;
  /** Another image with an entrypoint and defaults. */
  readonly target: string;
}

const made = new Map<string, Promise<AppImages>>();

/** Once for each engine; the engine's cache makes the next file's cheap. */
export async function appImages(engine: LabEngine): Promise<AppImages> {
  const images = made.get(engine.host) ?? make(engine);
  made.set(engine.host, images);
  return images;
}

async function make(engine: LabEngine): Promise<AppImages> {
  const [app, target] = await Promise.all([
    buildImage(
      engine,
      'offshoot-test/app:1',
      `FROM offshoot-test/busybox:1
       COPY --from=offshoot:bundle /opt/offshoot /opt/offshoot
       ENV DEFAULT=app SHARED=same
       WORKDIR /opt
       ENTRYPOINT ["/opt/offshoot/entrypoint.sh", "/bin/echo", "app"]
       CMD ["serve"]`,
    ),
    importImage(engine, 'offshoot-test/target:1', [
      'ENV DEFAULT=target',
      'ENV SHARED=same',
      'WORKDIR /tmp',
      'ENTRYPOINT ["/bin/echo", "target"]',
      'CMD ["default"]',
    ]),
  ]);
  return { app, target };
}

/** The classic builder, which needs no plugin; the Dockerfile is all it is given. */
export async function buildImage({ docker, host }: LabEngine, tag: string, dockerfile: string): Promise<string> {
  const env = { DOCKER_HOST: host, DOCKER_CONFIG: '/nonexistent', DOCKER_BUILDKIT: '0' };
  await execa(docker, ['build', '--tag', tag, '-'], { env, input: dockerfile });
  return tag;
}

async function importImage(engine: LabEngine, tag: string, changes: readonly string[]): Promise<string> {
  await importBusybox(engine, tag, { changes });
  return tag;
}
