import { dirname } from 'node:path';
import * as z from 'zod';
import { ComposeError } from '../../errors.ts';
import type { Adapter } from '../adapter.ts';
import { notSupported } from '../complete.ts';
import { tellSlowly } from '../listen.ts';
import type { ComposeContainer, ComposeProject } from '../runtime.ts';
import { composeProgram } from './compose-program.ts';
import type { Connection } from './connect.ts';
import { formatEndpoint } from './endpoint.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const row = z
  .looseObject({
    ID: z.string(),
    Name: z.string(),
    Service: z.string(),
    State: z.string(),
    ExitCode: z.number().default(0),
  })
  .transform(({ ID, Name, Service, State, ExitCode }): ComposeContainer => ({
    id: ID,
    name: Name,
    service: Service,
    state: State,
    exitCode: ExitCode,
  }));

const quoted = 2000;

export function composeOf({ endpoint }: Connection, env: Environment, kind: string): Adapter['compose'] {
  async function run(
    project: ComposeProject,
    words: readonly string[],
    signal: AbortSignal,
    onLine?: (line: string) => void,
  ): Promise<string> {
    const program = await composeProgram(env);
    if (program === undefined)
      throw notSupported(kind, 'compose', 'compose', 'there is no compose plugin of the docker command line here');
    const { execa } = await import('execa');
    signal.throwIfAborted();
    const files = project.files.flatMap((file) => ['--file', file]);
    const name = project.name === undefined ? [] : ['--project-name', project.name];
    const profiles = (project.profiles ?? []).flatMap((profile) => ['--profile', profile]);
    const child = execa(program, [...files, ...name, ...profiles, ...words], {
      cwd: dirname(project.files[0] ?? '.'),
      env: { ...variables(), ...project.env },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      cancelSignal: signal,
      forceKillAfterDelay: 1_000,
    });
    // A call that is given up does not wait for its process to end.
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const reading = onLine === undefined ? undefined : tellLines(child.iterable({ from: 'stderr' }), onLine);
      reading?.catch(() => {}); // the child's end tells
      const { exitCode, stdout, stderr } = await Promise.race([child, aborted.promise]);
      signal.throwIfAborted();
      if (exitCode !== 0)
        throw new ComposeError(`docker compose ${words[0]} failed: ${stderr.trim().slice(-quoted)}`, exitCode ?? -1);
      return stdout;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  function variables(): Record<string, string> {
    const tls = endpoint.kind === 'tcp' ? endpoint.tls : undefined;
    const kept = { PATH: env['PATH'], HOME: env['HOME'], DOCKER_CONFIG: env['DOCKER_CONFIG'] };
    const all = {
      ...kept,
      DOCKER_HOST: formatEndpoint(endpoint),
      DOCKER_TLS_VERIFY: tls && '1',
      DOCKER_CERT_PATH: tls?.certPath,
    };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])));
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
        .flatMap((text) => z.union([z.array(row), row]).parse(JSON.parse(text)));
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
