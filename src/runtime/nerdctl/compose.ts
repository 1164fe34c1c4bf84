import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { ComposeError, NotSupportedError } from '../../errors.ts';
import { pause } from '../../timing.ts';
import type { Adapter } from '../adapter.ts';
import { composeContainer, projectFlags } from '../common-words.ts';
import { notSupported } from '../complete.ts';
import { tellSlowly } from '../listen.ts';
import type { ComposeContainer, ComposeProject } from '../runtime.ts';
import { whyNoCompose } from './can/can-compose.ts';
import { steers } from './create/env-file.ts';
import { follow } from './command/follow.ts';
import { logLines } from './command/log-lines.ts';
import { read } from './command/read.ts';
import type { Tools } from './connect/tools.ts';

/** The answer of `nerdctl compose ps --format json`. */
export function composeContainersIn(answer: string): ComposeContainer[] {
  return answer.trim() === '' ? [] : read('project', answer, z.array(composeContainer));
}

const pollMs = 250;

export function composeOf(tools: Tools, health: Adapter['health']): Adapter['compose'] {
  const { client } = tools;

  async function run(
    project: ComposeProject,
    words: readonly string[],
    signal: AbortSignal,
    onLine?: (line: string) => void,
  ): Promise<string> {
    const reason = whyNoCompose(client.way);
    if (reason !== undefined) throw notSupported('nerdctl', `compose.${words[0]}`, 'compose', reason);
    const files = project.files.map((file) => resolve(file));
    const args = [
      'compose',
      ...projectFlags({ ...project, files }),
      ...['--project-directory', dirname(files[0] ?? '.')],
      ...words,
    ];
    const { exitCode, stdout, stderr } = await follow(client, args, {
      signal,
      env: variablesOf(project),
      onStderr: (line) => {
        for (const { message } of logLines(line)) onLine?.(withoutCommand(message));
      },
    });
    if (exitCode !== 0) throw new ComposeError(`nerdctl compose ${words[0]} failed: ${wordsIn(stderr)}`, exitCode);
    return stdout;
  }

  async function ps(
    project: ComposeProject,
    services: readonly string[],
    signal: AbortSignal,
  ): Promise<ComposeContainer[]> {
    return composeContainersIn(await run(project, ['ps', '--all', '--format', 'json', ...services], signal));
  }

  /** nerdctl has no `--wait`. */
  async function untilReady(project: ComposeProject, services: readonly string[], signal: AbortSignal): Promise<void> {
    for (;;) {
      const containers = await ps(project, services, signal);
      const ended = containers.find(({ state }) => state === 'exited');
      if (ended !== undefined)
        throw new ComposeError(`${ended.name} has ended with exit status ${ended.exitCode}`, ended.exitCode);
      const words = await Promise.all(containers.map(({ id }) => health(id, { signal })));
      const sick = containers[words.indexOf('unhealthy')];
      if (sick !== undefined) throw new ComposeError(`${sick.name} is unhealthy`, 1);
      if (containers.every(({ state }) => state === 'running') && !words.includes('starting')) return;
      await pause(pollMs, signal);
    }
  }

  return {
    async up({ services = [], noRecreate, wait, ...project }, { onProgress, signal }) {
      const told = tellSlowly(onProgress);
      const flags = noRecreate === true ? ['--no-recreate'] : [];
      const words = ['up', '--detach', '--quiet-pull', ...flags, ...services];
      await run(project, words, signal, (message) => told.tell({ message }));
      if (wait === true) await untilReady(project, services, signal);
      await told.finish();
    },

    async down({ removeVolumes, removeImages, ...project }, { signal }) {
      if (removeImages !== undefined)
        throw notSupported('nerdctl', 'compose.down (removeImages)', undefined, 'it has no `compose down --rmi`');
      await run(project, ['down', ...(removeVolumes === true ? ['--volumes'] : [])], signal);
    },

    ps: (project, { signal }) => ps(project, [], signal),

    async containerId(project, service, { signal }) {
      const output = await run(project, ['ps', '--quiet', service], signal);
      return output.split('\n').find((text) => text.trim() !== '');
    },
  };
}

/** `Running [nerdctl … run --name=app-web-1 -e=NAME=value …]`: values of variables are nobody's. */
function withoutCommand(message: string): string {
  return message.replace(/^Running \[.*/s, (whole) => `Running ${/ --name=(\S+)/.exec(whole)?.[1] ?? 'a container'}`);
}

function wordsIn(stderr: string): string {
  return logLines(stderr)
    .filter(({ level }) => level === 'fatal' || level === 'error')
    .map(({ message }) => message)
    .join('; ');
}

/**
 * By nerdctl's own environment, which it writes down with each container: a file of them it would give to the
 * containers as well.
 */
function variablesOf({ env = {} }: ComposeProject): Readonly<Record<string, string>> {
  const steering = Object.keys(env).find((name) => steers.test(name));
  if (steering === undefined) return env;
  throw new NotSupportedError(`nerdctl compose cannot be given the variable ${steering}: it would obey it itself`, {
    runtime: 'nerdctl',
    operation: 'compose',
    hint: 'Put it into a file .env beside the Compose file.',
  });
}
