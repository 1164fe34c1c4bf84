import type { Tasks, Snapshots, Cni } from '../api/containerd.ts';
import * as is from '../checks.ts';
import { call, onContainer, type Operations, type OperationTable } from './operation.ts';

export const tasks: Operations<Tasks> & OperationTable = {
  list: call({}, { capability: 'tasks' }),
  get: call(onContainer, { capability: 'tasks' }),
  delete: call(onContainer, { capability: 'taskDelete', options: { force: is.optional(is.boolean) } }),
};

export const snapshots: Operations<Snapshots> & OperationTable = {
  list: call({}, { capability: 'snapshots' }),
  prepare: call({ key: is.snapshot, parent: is.snapshot }, { capability: 'snapshots' }),
  commit: call({ name: is.snapshot, key: is.snapshot }, { capability: 'snapshots' }),
  mounts: call({ key: is.snapshot }, { capability: 'snapshotMount' }),
  mount: call({ key: is.snapshot }, { capability: 'snapshotMount' }),
  remove: call({ key: is.snapshot }, { capability: 'snapshots' }),
  createContainer: call(
    { key: is.snapshot, spec: is.object({ name: is.name, labels: is.optional(is.map) }, { open: true }) },
    { capability: 'containerFromSnapshot' },
  ),
};

export const cni: Operations<Cni> & OperationTable = {
  attach: call({ ...onContainer, network: is.name }, { capability: 'cni' }),
  detach: call({ ...onContainer, network: is.name }, { capability: 'cni' }),
};
