import { no, type Part, yes } from './can.ts';
import { whyNoCtr } from '../command/ctr.ts';

/** Of what only containerd has. */
export const ofContainerd: Part<
  'imageGarbageCollection' | 'tasks' | 'taskDelete' | 'snapshots' | 'snapshotMount' | 'containerFromSnapshot' | 'cni'
> = async ({ client, namespace, signal }) => {
  const missing = await whyNoCtr({ client, namespace }, signal);
  const byCtr = missing === undefined ? yes : no(missing);
  return {
    imageGarbageCollection: yes,
    tasks: byCtr,
    taskDelete: byCtr,
    snapshots: byCtr,
    snapshotMount: byCtr,
    containerFromSnapshot: byCtr,
    cni: yes,
  };
};
