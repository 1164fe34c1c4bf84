import * as is from './checks.ts';
import { compose } from './operations/compose.ts';
import { containerSpec } from './operations/container-spec.ts';
import { cni, snapshots, tasks } from './operations/containerd.ts';
import { exec } from './operations/exec.ts';
import { images } from './operations/images.ts';
import { networks, volumes } from './operations/networks.ts';
import {
  auth,
  call,
  labelsOption,
  onContainer,
  onProgress,
  type Operations,
  type OperationTable,
  platform,
} from './operations/operation.ts';
import type { Runtime } from './runtime.ts';

/** Every call: what it takes, and what is needed for it. The guard, the default for what is lacking and tests read it. */
export const operations: Operations<Runtime> & OperationTable = {
  inspect: call({ reference: is.container }),
  list: call(
    {},
    { options: { ...labelsOption, all: is.optional(is.boolean), names: is.optional(is.list(is.container, 1)) } },
  ),
  findByLabel: call({ label: is.label, value: is.labelValue }),
  status: call(onContainer),
  health: call(onContainer, { capability: 'containerHealth' }),
  processes: call(onContainer),
  stats: call(onContainer, { capability: 'stats' }),
  create: call({ spec: is.object(containerSpec) }),
  start: call(onContainer),
  waitUntilRunning: call(onContainer, { options: { timeoutMs: is.optional(is.milliseconds) } }),
  wait: call(onContainer),
  stop: call(onContainer, {
    options: {
      stopSignal: is.optional(is.signalName),
      timeoutMs: is.optional(is.milliseconds),
      force: is.optional(is.boolean),
    },
  }),
  kill: call({ ...onContainer, signalName: is.signalName }),
  pause: call(onContainer, { capability: 'pause' }),
  unpause: call(onContainer, { capability: 'pause' }),
  rename: call({ ...onContainer, name: is.name }, { capability: 'rename' }),
  remove: call(onContainer, { options: { force: is.optional(is.boolean) } }),
  attach: call(onContainer),
  logs: call(onContainer, {
    options: { tail: is.optional(is.integer(0)), follow: is.optional(is.boolean), since: is.optional(is.date) },
  }),
  writeStdin: call({ ...onContainer, data: is.data }, { capability: 'writeStdin' }),
  hasFile: call({ ...onContainer, path: is.absolutePath }),
  copyIn: call({ ...onContainer, folder: is.absolutePath, tar: is.bytes }, { capability: 'copy' }),
  copyOut: call({ ...onContainer, path: is.absolutePath }, { capability: 'copy' }),
  readFile: call({ ...onContainer, path: is.absolutePath }, { capability: 'copy' }),
  writeFile: call(
    { ...onContainer, path: is.absolutePath, data: is.data },
    {
      capability: 'copy',
      options: {
        mode: is.optional(is.integer(0, 0o7777)),
        uid: is.optional(is.integer(0)),
        gid: is.optional(is.integer(0)),
      },
    },
  ),
  networkNamespacePath: call(onContainer, { capability: 'hostPaths' }),
  hostsPath: call(onContainer, { capability: 'hostPaths' }),

  clock: call({}),
  ping: call({}),
  version: call({}),
  capabilities: call({}),
  close: call({}),
  inspectImage: call({ reference: is.image }, { options: { platform } }),
  pull: call({ reference: is.image }, { options: { onProgress, platform, auth } }),
  hasNetwork: call({ name: is.name }),
  hasVolume: call({ name: is.name }),
  events: call(
    {},
    {
      capability: 'events',
      options: {
        ...labelsOption,
        types: is.optional(is.list(is.notEmpty, 1)),
        since: is.optional(is.date),
        bufferSize: is.optional(is.integer(1)),
        idleCheckMs: is.optional(is.milliseconds),
      },
    },
  ),
  exec,
  images,
  networks,
  volumes,
  compose,
  tasks,
  snapshots,
  cni,
};
