import * as z from 'zod';
import type { KnownContainer } from '../../inferred-events.ts';
import type { RuntimeEvent } from '../../runtime.ts';
import type { Client } from '../command/client.ts';
import { isFound, refusal } from '../command/failures.ts';
import { ownLabels } from '../read/labels.ts';
import { read } from '../command/read.ts';

const time = z
  .string()
  .nullish()
  .transform((text) => (text && !text.startsWith('0001-') ? text : undefined));

const seen = z.object({
  Id: z.string(),
  Created: time,
  State: z.object({
    Status: z.string().default(''),
    ExitCode: z.number().default(0),
    StartedAt: time,
    FinishedAt: time,
  }),
  Config: z
    .object({ Labels: z.record(z.string(), z.string()).nullish() })
    .nullish()
    .transform((config) => config?.Labels ?? {}),
});

export interface SeenContainer extends KnownContainer {
  readonly createdAt: string | undefined;
  readonly finishedAt: string | undefined;
}

/** The answer of `nerdctl container inspect`. */
export function containersIn(answer: string): SeenContainer[] {
  return read('container', answer, z.array(seen)).map(({ Id, Created, State, Config }) => {
    const { Status, ExitCode, StartedAt, FinishedAt } = State;
    const runs = Status === 'running' || Status === 'paused';
    return {
      id: Id,
      name: Config['nerdctl/name'] || Id,
      labels: ownLabels({ Labels: Config }),
      status: Status || 'created',
      createdAt: Created,
      startedAt: StartedAt,
      finishedAt: runs ? undefined : FinishedAt,
      exitCode: runs ? undefined : ExitCode,
    };
  });
}

/** Those of them that are there. */
export async function lookAt(client: Client, ids: readonly string[], signal: AbortSignal): Promise<SeenContainer[]> {
  if (ids.length === 0) return [];
  const answer = await client.run(['container', 'inspect', '--', ...ids], { signal });
  return isFound(answer) ? containersIn(answer.stdout) : [];
}

export async function lookAtAll(client: Client, signal: AbortSignal): Promise<ReadonlyMap<string, SeenContainer>> {
  const answer = await client.run(['ps', '--all', '--quiet', '--no-trunc'], { signal });
  if (answer.exitCode !== 0) throw refusal(answer, 'list its containers');
  const ids = answer.stdout.split('\n').filter(Boolean);
  return new Map((await lookAt(client, ids, signal)).map((one) => [one.id, one]));
}

/** What containers that are there tell of their past: when each was made, and last started and ended. */
export function pastOf(containers: Iterable<SeenContainer>, from: Date): RuntimeEvent[] {
  const all = [...containers].flatMap((one) => {
    const { id, name, labels, createdAt, startedAt, finishedAt, exitCode } = one;
    const event = (action: string, when: string | undefined, more = {}): RuntimeEvent[] => {
      const at = new Date(when ?? Number.NaN);
      if (!(at >= from)) return [];
      return [{ at, type: 'container', action, id, name, attributes: { ...labels, name, ...more }, inferred: true }];
    };
    return [
      ...event('create', createdAt),
      ...event('start', startedAt),
      ...event('die', finishedAt, { exitCode: String(exitCode ?? 0) }),
    ];
  });
  return all.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}
