import type { Plan } from '../plan/plan.ts';
import { readinessText } from '../plan/readiness.ts';
import type { ContainerRecord, ContainerSettings, ImageRecord } from '../runtime/container.ts';
import type { Tools } from './create.ts';
import type { Explanation } from './explain.ts';
import type { LaunchOptions } from './options.ts';
import type { SiblingRequest } from './request.ts';
import type { LaunchResult } from './result.ts';
import type { StatusFile } from './status.ts';
import type { Waiting } from './waiting.ts';

export interface Outcome {
  readonly exitStatus: number;
  readonly result: LaunchResult | Explanation;
}

/** Everything that a launch works with, once the image is there. */
export interface Work extends Tools {
  readonly plan: Plan;
  readonly self: ContainerRecord;
  readonly image: ImageRecord;
  readonly request: SiblingRequest;
  /** As an override has left them. */
  readonly settings: ContainerSettings;
  readonly waiting: Waiting;
  readonly status: StatusFile;
  readonly options: LaunchOptions;
}

export function resultOf({ request, image, self }: Work, id: string): LaunchResult {
  return {
    id,
    name: request.spec.name,
    image: request.spec.image,
    imageId: image.id,
    digest: image.digests[0] ?? null,
    key: request.key,
    self: { id: self.id, name: self.name },
    startsAt: null,
    when: [],
    ready: null,
    waiter: null,
    existing: false,
    leftOut: request.leftOut,
  };
}

/** Success, which is told. */
export function done({ plan: { ready }, status }: Work, result: LaunchResult): Outcome {
  const exitCode = ready.is === 'exited' ? ready.exitCode : null;
  const state = ready.is === 'started' ? 'started' : 'ready';
  status.tell(state, `${result.name}: ${readinessText(ready)}`, { exitCode, exitStatus: 0 });
  return { exitStatus: 0, result };
}
