import type { Tasks, Snapshots, Cni } from '../api/containerd.ts';
import * as is from '../checks.ts';
import { containerSpec } from './container-spec.ts';
import { call, onContainer, type Operations, type OperationTable } from './operation.ts';

export const tasks: Operations<Tasks> & OperationTable = {
  list: call({}, { capability: 'tasks' }),
  get: call(onContainer, { capability: 'tasks' }),
  delete: call(onContainer, { capability: 'taskDelete', options: { force: is.optional(is.boolean) } }),
};

const onSnapshots = { snapshotter: is.optional(is.name) };

/** The image is the snapshot's. */
const { image: _, ...settings } = containerSpec;

export const snapshots: Operations<Snapshots> & OperationTable = {
  list: call({}, { capability: 'snapshots', options: onSnapshots }),
  prepare: call({ key: is.snapshot, parent: is.snapshot }, { capability: 'snapshots', options: onSnapshots }),
  commit: call({ name: is.snapshot, key: is.snapshot }, { capability: 'snapshots', options: onSnapshots }),
  mounts: call({ key: is.snapshot }, { capability: 'snapshotMount', options: onSnapshots }),
  mount: call({ key: is.snapshot }, { capability: 'snapshotMount', options: onSnapshots }),
  remove: call({ key: is.snapshot }, { capability: 'snapshots', options: onSnapshots }),
  createContainer: call(
    { key: is.snapshot, spec: is.object(settings) },
    { capability: 'containerFromSnapshot', options: onSnapshots },
  ),
};

export const cni: Operations<Cni> & OperationTable = {
  attach: call({ ...onContainer, network: is.name }, { capability: 'cni' }),
  detach: call({ ...onContainer, network: is.name }, { capability: 'cni' }),
};
