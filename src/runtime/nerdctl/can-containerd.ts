import { no, type Part } from './can.ts';
import { notYet } from './words.ts';

/** Of what only containerd has. */
export const ofContainerd: Part<
  'imageGarbageCollection' | 'tasks' | 'taskDelete' | 'snapshots' | 'snapshotMount' | 'containerFromSnapshot' | 'cni'
> = async () => ({
  imageGarbageCollection: no(notYet),
  tasks: no(notYet),
  taskDelete: no(notYet),
  snapshots: no(notYet),
  snapshotMount: no(notYet),
  containerFromSnapshot: no(notYet),
  cni: no(notYet),
});
