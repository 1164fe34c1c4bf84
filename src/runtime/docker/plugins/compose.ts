import { dirname } from 'node:path';
import * as z from 'zod';
import { ComposeError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { composeContainer, projectFlags } from '../../common-words.ts';
import { notSupported } from '../../complete.ts';
import { tellSlowly } from '../../listen.ts';
import { aborted } from '../../process-group.ts';
import type { ComposeProject } from '../../runtime.ts';
import type { Connection } from '../connect/connect.ts';
import { pluginProgram, pluginVariables } from './plugins.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const quoted = 2000;

export function composeOf({ endpoint }: Connection, env: Environment, kind: string): Adapter['compose'] {
  async function run(
    project: ComposeProject,
    words: readonly string[],
    signal: AbortSignal,
    onLine?: (line: string) => void,
  ): Promise<string> {
    const program = await pluginProgram('docker-compose', env);
    if (program === undefined)
      throw notSupported(kind, 'compose', 'compose', 'there is no compose plugin of the docker command line here');
    const { execa } = await import('execa');
    signal.throwIfAborted();
    const child = execa(program, [...projectFlags(project), ...words], {
      cwd: dirname(project.files[0] ?? '.'),
      env: { ...pluginVariables(endpoint, env), ...project.env },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      cancelSignal: signal,
      forceKillAfterDelay: 1_000,
    });
    const over = new AbortController();
    try {
      const reading = onLine === undefined ? undefined : tellLines(child.iterable({ from: 'stderr' }), onLine);
      reading?.catch(() => {}); // the child's end tells
      const { exitCode, stdout, stderr } = await Promise.race([child, aborted(signal, over.signal)]);
      signal.throwIfAborted();
      if (exitCode !== 0)
        throw new ComposeError(`docker compose ${words[0]} failed: ${stderr.trim().slice(-quoted)}`, exitCode ?? -1);
      return stdout;
    } finally {
      over.abort();
    }
  }

  return {
    async up({ services = [], noRecreate, wait, ...project }, { onProgress, signal }) {
      const told = tellSlowly(onProgress);
      const flags = [...(noRecreate === true ? ['--no-recreate'] : []), ...(wait === true ? ['--wait'] : [])];
      await run(project, ['up', '--detach', ...flags, ...services], signal, (message) => told.tell({ message }));
      await told.finish();
    },

    async down({ removeVolumes, removeImages, ...project }, { signal }) {
      const flags = [
        ...(removeVolumes === true ? ['--volumes'] : []),
        ...(removeImages === undefined ? [] : ['--rmi', removeImages]),
      ];
      await run(project, ['down', ...flags], signal);
    },

    async ps(project, { signal }) {
      const output = await run(project, ['ps', '--all', '--no-trunc', '--format', 'json'], signal);
      // One object a line; a list before Compose 2.21.
      return output
        .split('\n')
        .filter((text) => text.trim() !== '')
        .flatMap((text) => z.union([z.array(composeContainer), composeContainer]).parse(JSON.parse(text)));
    },

    async containerId(project, service, { signal }) {
      const output = await run(project, ['ps', '--quiet', '--no-trunc', service], signal);
      return output.split('\n').find((text) => text.trim() !== '');
    },
  };
}

async function tellLines(lines: AsyncIterable<string>, tell: (line: string) => void): Promise<void> {
  for await (const text of lines) if (text.trim() !== '') tell(text.trim());
}
