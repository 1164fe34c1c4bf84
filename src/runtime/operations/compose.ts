import type { Compose } from '../api/compose.ts';
import * as is from '../checks.ts';
import { call, onProgress, type Operations, type OperationTable } from './operation.ts';

const project = {
  files: is.list(is.notEmpty, 1),
  name: is.optional(is.projectName),
  profiles: is.optional(is.list(is.notEmpty)),
  env: is.optional(is.map),
};

export const compose: Operations<Compose> & OperationTable = {
  up: call(
    {
      request: is.object({
        ...project,
        services: is.optional(is.list(is.name)),
        noRecreate: is.optional(is.boolean),
        wait: is.optional(is.boolean),
      }),
    },
    { capability: 'compose', options: { onProgress } },
  ),
  down: call(
    {
      request: is.object({
        ...project,
        removeVolumes: is.optional(is.boolean),
        removeImages: is.optional(is.oneOf('local', 'all')),
      }),
    },
    { capability: 'compose' },
  ),
  ps: call({ project: is.object(project) }, { capability: 'compose' }),
  containerId: call({ project: is.object(project), service: is.name }, { capability: 'compose' }),
};
