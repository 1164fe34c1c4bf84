import { existsSync } from 'node:fs';
import { mergeEnv } from '../clone/env.ts';
import type { ContainerRecord, ContainerSpec } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Deadline } from './clock.ts';
import { duty } from './duty.ts';
import { waiterName } from './key.ts';
import { label } from './labels.ts';
import { type Task, taskText } from './task.ts';
import type { Waiting } from './waiting.ts';
import { entrypointPath, launcherPath, toolsFolder } from './paths.ts';

/** An engine that restarts starts its waiters again; a start that fails is tried again so often. */
const restarts = 5;

export interface WaiterInput {
  readonly sibling: { readonly id: string; readonly name: string };
  readonly deadline: Deadline;
  readonly task: Task;
  readonly waiting: Pick<Waiting, 'settings'>;
  readonly key: string;
  readonly self: ContainerRecord;
  readonly runtime: Runtime;
}

/** A copy of our own image that holds nothing but its duty and the way to the engine. */
export function waiterSpec({ sibling, deadline, task, waiting, key, self, runtime }: WaiterInput): ContainerSpec {
  const name = waiterName(sibling.name);
  const access = runtime.access(self);
  const { mounts, ...network } = waiting.settings;
  const told = taskText(task);
  return {
    ...access,
    ...network,
    ...(mounts.length > 0 && { mounts: [...(access.mounts ?? []), ...mounts] }),
    name,
    image: self.image.id,
    entrypoint: waitingProcess(),
    command: [],
    workingDir: '/',
    env: mergeEnv(access.env ?? [], [
      `PATH=${toolsFolder}:/usr/bin:/bin`,
      `${duty.sibling}=${sibling.id}`,
      `${duty.name}=${name}`,
      `${duty.deadline}=${Math.round(deadline.uptimeMs / 10)}`,
      `${duty.bootId}=${deadline.bootId}`,
      ...(told === undefined ? [] : [`${duty.task}=${told}`]),
    ]),
    labels: {
      [label.role]: 'waiter',
      [label.key]: key,
      [label.parent]: self.id,
      [label.sibling]: sibling.id,
      [label.startsAt]: deadline.at.toISOString(),
      [label.bootId]: deadline.bootId,
      ...(task.when.length > 0 && { [label.when]: task.when.map(({ text }) => text).join(',') }),
    },
    // Podman gives none at all to what is created by its API.
    stopTimeout: 10,
    ...(!runtime.features.outlivesEngine && {
      restartPolicy: { name: 'on-failure', maximumRetryCount: restarts },
    }),
  };
}

/** It sleeps in a shell, which needs a hundredth of the launcher's memory: ours, else the image's, where it has one. */
function waitingProcess(): string[] {
  if (existsSync(`${toolsFolder}/sh`)) return [`${toolsFolder}/sh`, entrypointPath];
  return [existsSync('/bin/sh') && existsSync(entrypointPath) ? entrypointPath : launcherPath];
}
