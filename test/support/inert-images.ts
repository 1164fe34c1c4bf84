import { librariesOf } from '../../tools/image/libraries.ts';
import { buildImage } from './app-images.ts';
import type { LabEngine } from './lab.ts';

/** A way to have offshoot as an image's entrypoint, and the same image without it. */
export interface Variant {
  readonly name: string;
  readonly image: string;
  readonly plain: string;
  /** Of `docker run`, for both. */
  readonly flags: readonly string[];
  /** What this way's shell adds to the environment. */
  readonly adds: readonly string[];
}

const shell = 'offshoot-test/inert-shell:1';
const busybox = 'offshoot-test/busybox:1';
const bare = 'offshoot-test/bare:1';

export const variants = async (): Promise<Variant[]> => [
  { name: "busybox's ash", image: shell, plain: busybox, flags: [], adds: ['PWD=/', 'SHLVL=1'] },
  { name: 'dash', image: shell, plain: busybox, flags: await asShell('/bin/dash'), adds: ['PWD=/'] },
  { name: 'bash', image: shell, plain: busybox, flags: await asShell('/bin/bash'), adds: ['PWD=/', 'SHLVL=0'] },
  { name: "offshoot's own sh", image: 'offshoot-test/inert-own-shell:1', plain: bare, flags: [], adds: ['PWD=/'] },
  { name: 'the launcher itself', image: 'offshoot-test/inert-launcher:1', plain: bare, flags: [], adds: [] },
];

/** This machine's shell in the place of the image's. */
async function asShell(program: string): Promise<string[]> {
  const files = [`${program}:/bin/sh`, ...[...(await librariesOf(program)).values()].map((path) => `${path}:${path}`)];
  return files.flatMap((file) => ['-v', `${file}:ro`]);
}

const made = new Map<string, Promise<void>>();

/** Once for each engine. */
export async function makeInertImages(engine: LabEngine): Promise<void> {
  const making = made.get(engine.host) ?? make(engine);
  made.set(engine.host, making);
  await making;
}

async function make(engine: LabEngine): Promise<void> {
  const bundle = 'COPY --from=offshoot:bundle /opt/offshoot /opt/offshoot';
  // One static program and nothing else: no shell that anybody would find.
  const program = `FROM scratch
    ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    COPY --from=${busybox} /bin/busybox /bin/busybox`;
  await Promise.all([
    buildImage(engine, shell, `FROM ${busybox}\n${bundle}\nENTRYPOINT ["/opt/offshoot/entrypoint.sh"]\nCMD []`),
    buildImage(engine, bare, program),
    buildImage(
      engine,
      'offshoot-test/inert-own-shell:1',
      `${program}\n${bundle}\nENTRYPOINT ["/opt/offshoot/bin/sh", "/opt/offshoot/entrypoint.sh"]`,
    ),
    buildImage(
      engine,
      'offshoot-test/inert-launcher:1',
      `${program}\n${bundle}\nENTRYPOINT ["/opt/offshoot/offshoot", "--"]`,
    ),
  ]);
}
