import * as z from 'zod';
import { EngineRefusedError } from '../../../errors.ts';
import type { ContainerSpec } from '../../container.ts';
import type { BasicAdapter } from '../../complete.ts';
import type { HostProcess } from '../../runtime.ts';
import type { Api } from '../wire/api.ts';
import { readProcesses } from '../create/inspect.ts';
import { nextExit } from './podman-exit.ts';
import { checkBindSources } from './podman-sources.ts';

/** What Podman does otherwise than Docker behind the same API; `libpod` is its own one. */
export function asPodman(docker: BasicAdapter, libpod: Api): BasicAdapter {
  return {
    ...docker,
    kind: 'podman',

    inspectImage: (reference, options) =>
      docker.inspectImage(reference, options).catch(unless(/cannot specify 64-byte hex/, undefined)),

    // It was removed after it was looked up.
    inspect: (reference, options) =>
      docker.inspect(reference, options).catch(unless(/does not exist in database|no such container/, undefined)),

    // In no order, and told in seconds.
    async list(options) {
      const found = await docker.list(options);
      if (found.length < 2) return found;
      const exact = await creationTimes(libpod, options.signal);
      return found.toSorted((left, right) => (exact.get(right.id) ?? '').localeCompare(exact.get(left.id) ?? ''));
    },

    createRequest: (spec) => docker.createRequest(withDefaults(spec)),
    async create(spec, options) {
      options.signal.throwIfAborted();
      await checkBindSources(libpod, docker.createRequest(spec), options.signal);
      const { id, warnings } = await docker.create(withDefaults(spec), options);
      return { id, warnings: [...warnings, ...unsetVariables(spec).map(isEmpty)] };
    },

    async wait(id, options) {
      const { exitCode } = await docker.wait(id, options);
      if (exitCode !== unknownExit) return { exitCode };
      const { state } = (await docker.inspect(id, options)) ?? {};
      if (state === undefined)
        throw new EngineRefusedError(`the engine cannot tell how ${id.slice(0, 12)} ended: it is gone`);
      return { exitCode: state.exitCode };
    },

    nextExit: (id, options) =>
      nextExit(libpod, id, options.signal).catch((error: unknown) => {
        // A proxy that knows Docker's calls alone.
        if (!(error instanceof EngineRefusedError) || docker.nextExit === undefined) throw error;
        return docker.nextExit(id, options);
      }),

    kill: (id, signalName, options) =>
      docker
        .kill(id, signalName, options)
        .catch(unless(/can only kill running containers|no such container/, undefined)),

    remove: (id, options) => docker.remove(id, options).catch(unless(/no such container/, undefined)),

    processes: (id, { signal }) => processes(libpod, id, signal),
  };
}

/**
 * Made by its Docker API, a container is killed at once when it is stopped, unless it is asked to be patient. A variable
 * that is to be unset would get the value that it has in Podman's own process.
 */
function withDefaults(spec: ContainerSpec): ContainerSpec {
  const env = spec.env?.map((entry) => (isUnset(entry) ? `${entry}=` : entry));
  return { ...spec, ...(env && { env }), stopTimeout: spec.stopTimeout ?? 10 };
}

function unsetVariables({ env = [] }: ContainerSpec): string[] {
  return env.filter(isUnset);
}

function isUnset(entry: string): boolean {
  return !entry.includes('=');
}

function isEmpty(name: string): string {
  return `${name} is empty in the container: Podman cannot take away a variable of the image`;
}

/** Said of a container that was never started, or that was removed meanwhile. */
const unknownExit = -1;

/** Takes a refusal in these words for an answer. */
function unless<T>(words: RegExp, answer: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof EngineRefusedError && words.test(error.message)) return answer;
    throw error;
  };
}

/** Docker's API runs the container's own `ps` there, which most do not have. The namespaces are not told. */
async function processes(libpod: Api, id: string, signal: AbortSignal): Promise<HostProcess[] | undefined> {
  const path = `/libpod/containers/${encodeURIComponent(id)}/top`;
  const response = await libpod({ method: 'GET', path, query: { stream: false, ps_args: 'hpid,comm' }, signal });
  const text = response.status === 200 ? await response.text() : await response.discard();
  // One that does not run has an empty answer.
  if (!text) return undefined;
  return readProcesses(JSON.parse(text)).map((row) => ({
    pid: Number(row.get('HPID')),
    mountNamespace: '',
    comm: row.get('COMMAND') ?? '',
  }));
}

const listed = z.array(z.object({ Id: z.string(), Created: z.string() }));

/** By id, as texts that sort as the times do. */
async function creationTimes(libpod: Api, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const response = await libpod({ method: 'GET', path: '/libpod/containers/json', query: { all: true }, signal });
  const answer = listed.safeParse(response.status === 200 ? await response.json() : await response.discard());
  return new Map((answer.data ?? []).map(({ Id, Created }) => [Id, sortable(Created)]));
}

/** A fraction may have less digits than another. */
function sortable(time: string): string {
  const [, seconds = time, fraction = ''] = /^([^.Z+]*)(?:\.(\d+))?/.exec(time) ?? [];
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}
