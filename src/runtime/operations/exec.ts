import type { Exec } from '../api/exec.ts';
import * as is from '../checks.ts';
import { call, onContainer, type Operations, type OperationTable } from './operation.ts';

const process = {
  command: is.list(is.anyText, 1),
  env: is.optional(is.list(is.variable)),
  workingDir: is.optional(is.absolutePath),
  user: is.optional(is.notEmpty),
  privileged: is.optional(is.boolean),
};

const size = is.object({ columns: is.integer(1, 65_535), rows: is.integer(1, 65_535) });

export const exec: Operations<Exec> & OperationTable = {
  run: call(
    {
      ...onContainer,
      request: is.object({
        ...process,
        stdin: is.optional(is.dataOrBytes),
        maxBytes: is.optional(is.integer(1)),
      }),
    },
    { capability: 'exec' },
  ),
  stream: call(
    {
      ...onContainer,
      request: is.object({
        ...process,
        stdin: is.optional(is.boolean),
        tty: is.optional(is.either(is.boolean, size)),
      }),
    },
    { capability: 'exec' },
  ),
  detached: call({ ...onContainer, request: is.object(process) }, { capability: 'exec' }),
  inspect: call({ execId: is.execId }, { capability: 'exec' }),
};
