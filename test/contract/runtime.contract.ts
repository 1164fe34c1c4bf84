import { describe } from 'vitest';
import { cancelBehaviours } from './behaviours/cancel.ts';
import { containerBehaviours } from './behaviours/containers.ts';
import { createBehaviours } from './behaviours/create.ts';
import { endBehaviours } from './behaviours/end.ts';
import { eventBehaviours } from './behaviours/events.ts';
import { execBehaviours } from './behaviours/exec.ts';
import { fileBehaviours } from './behaviours/files.ts';
import { imageBehaviours } from './behaviours/images.ts';
import { inspectBehaviours } from './behaviours/inspect.ts';
import { networkBehaviours } from './behaviours/networks.ts';
import { outputBehaviours } from './behaviours/output.ts';
import { startBehaviours } from './behaviours/start.ts';
import { benchFor, type Lacks, type Subject } from './subject.ts';

const parts = {
  'tells what is there': inspectBehaviours,
  creates: createBehaviours,
  starts: startBehaviours,
  'gives output': outputBehaviours,
  ends: endBehaviours,
  'leads a container': containerBehaviours,
  runs: execBehaviours,
  copies: fileBehaviours,
  'keeps images': imageBehaviours,
  'makes sure of': networkBehaviours,
  'tells events': eventBehaviours,
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
