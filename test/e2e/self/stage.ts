import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cgroupOf } from '../../../tools/engines/daemons.ts';
import { dockerOf, socketMount } from '../../support/docker.ts';
import type { TestEngine } from '../../support/global-engines.ts';
import { startInnerEngine } from '../../support/inner-engine.ts';
import { isPodman } from '../../support/podman.ts';
import type { Answer, AskOptions, Stage } from './surrounding.ts';

const image = 'offshoot:dev';

export async function setStage(engine: TestEngine): Promise<Stage & { clear(): Promise<void> }> {
  const docker = dockerOf(engine);
  // Open to the users of containers, which a temporary folder is not.
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-self-'));
  await chmod(folder, 0o755);
  const otherName = `${docker.mark}-other`;
  const hexName = docker.mark.replace('test-', 'ab').padEnd(12, '0');
  const start = (...words: string[]): Promise<string> => docker.ok('run', '--detach', '--label', docker.mark, ...words);

  let asked = 0;
  async function ask(flags: readonly string[], options: AskOptions = {}): Promise<Answer> {
    const { command = ['offshoot', 'self'], socket = socketMount(engine), docker: on = docker } = options;
    asked += 1;
    const idFile = join(folder, `id-${asked}`);
    const finished = await on.run(
      // Podman forgets the exit status of what it removes at once.
      ...(isPodman(engine) ? [] : ['--rm']),
      ...['--cidfile', idFile, ...socket, ...flags, options.image ?? image, ...command],
    );
    return { ...finished, right: await readFile(idFile, 'utf8') };
  }

  const [otherId, root, inner] = await Promise.all([
    start('--name', otherName, '--ipc', 'shareable', ...socketMount(engine), image, 'sleep', '600'),
    docker.ok('info', '--format', '{{.DockerRootDir}}'),
    startInnerEngine(engine, docker),
    start('--name', hexName, image, 'sleep', '600'),
  ]);
  return {
    engine,
    docker,
    inner,
    hexName,
    folder,
    ask,
    start,
    other: { id: otherId, name: otherName, cgroup: `/${cgroupOf(dirname(engine.socket))}/docker/${otherId}` },
    containers: join(root, 'containers'),
    async clear() {
      await inner.docker.cleanUp();
      await docker.cleanUp();
      await inner.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
