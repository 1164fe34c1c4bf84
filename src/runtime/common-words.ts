import * as z from 'zod';
import type { BuildRequest, ComposeContainer, ComposeProject } from './runtime.ts';

/** What the command line of Docker (with its plugins) and nerdctl say and are told alike. */

/** Of a build, but for the arguments and secrets, whose values are nobody's. */
export function buildFlags(request: BuildRequest): string[] {
  const { labels = {}, tags = [], cacheFrom = [], target, noCache, pull, platform, networkMode } = request;
  return [
    ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...tags.flatMap((tag) => ['--tag', tag]),
    ...cacheFrom.flatMap((image) => ['--cache-from', image]),
    ...(target === undefined ? [] : ['--target', target]),
    ...(noCache === true ? ['--no-cache'] : []),
    ...(pull === true ? ['--pull'] : []),
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...(networkMode === undefined ? [] : ['--network', networkMode]),
  ];
}

/** Which project Compose is about. */
export function projectFlags({ files, name, profiles = [] }: ComposeProject): string[] {
  return [
    ...files.flatMap((file) => ['--file', file]),
    ...(name === undefined ? [] : ['--project-name', name]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
  ];
}

/** One container, as `compose ps --format json` tells it. */
export const composeContainer: z.ZodType<ComposeContainer> = z
  .object({ ID: z.string(), Name: z.string(), Service: z.string(), State: z.string(), ExitCode: z.number().default(0) })
  .transform(({ ID, Name, Service, State, ExitCode }) => ({
    id: ID,
    name: Name,
    service: Service,
    state: State,
    exitCode: ExitCode,
  }));
