import { describe } from 'vitest';
import { cancelBehaviours } from './behaviours/cancel.ts';
import { cniBehaviours } from './behaviours/cni.ts';
import { containerBehaviours } from './behaviours/containers.ts';
import { createBehaviours } from './behaviours/create.ts';
import { endBehaviours } from './behaviours/end.ts';
import { eventBehaviours } from './behaviours/events.ts';
import { execBehaviours } from './behaviours/exec.ts';
import { fileBehaviours } from './behaviours/files.ts';
import { garbageBehaviours } from './behaviours/garbage.ts';
import { imageBehaviours } from './behaviours/images.ts';
import { inspectBehaviours } from './behaviours/inspect.ts';
import { networkBehaviours } from './behaviours/networks.ts';
import { outputBehaviours } from './behaviours/output.ts';
import { snapshotBehaviours } from './behaviours/snapshots.ts';
import { startBehaviours } from './behaviours/start.ts';
import { taskBehaviours } from './behaviours/tasks.ts';
import { benchFor, type Lacks, type Subject } from './subject.ts';

export const parts = {
  'tells what is there': inspectBehaviours,
  creates: createBehaviours,
  starts: startBehaviours,
  'gives output': outputBehaviours,
  ends: endBehaviours,
  'leads a container': containerBehaviours,
  runs: execBehaviours,
  copies: fileBehaviours,
  'keeps images': imageBehaviours,
  'collects garbage:': garbageBehaviours,
  'makes sure of': networkBehaviours,
  'tells events': eventBehaviours,
  'tells tasks': taskBehaviours,
  'keeps snapshots': snapshotBehaviours,
  attaches: cniBehaviours,
  'is cancelled': cancelBehaviours,
};

/** What every runtime does in the same way, whatever engine is behind it. */
export function runtimeContract(name: string, make: () => Promise<Subject>, lacks: Lacks = {}): void {
  describe(`the contract of a runtime, kept by ${name}`, () => {
    const behaviour = benchFor(make, lacks);
    for (const [part, behaviours] of Object.entries(parts)) {
      describe(`it ${part}`, () => {
        behaviours(behaviour);
      });
    }
  });
}
