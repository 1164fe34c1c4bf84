import { readinessText } from '../plan/readiness.ts';
import { seeReady } from '../readiness/see.ts';
import { followed } from './attach.ts';
import { bootClock, msSince } from './clock.ts';
import type { Made } from './create.ts';
import { label } from './labels.ts';
import type { LaunchResult } from './result.ts';
import { done, type Outcome, resultOf, type Work } from './work.ts';

/** Another launch of this key has made the sibling, and has started it or a waiter for it. */
export async function adopted(made: Extract<Made, { by: 'another' }>, work: Work): Promise<Outcome> {
  const { plan, image, status, runtime, options } = work;
  const { sibling } = made;
  const message = `${sibling.name} was launched already with this key`;
  options.report({ level: 'info', event: 'existing', message, id: sibling.id });
  const waiter = made.is === 'scheduled' ? made.waiter : undefined;
  const result: LaunchResult = {
    ...resultOf(work, sibling.id),
    name: sibling.name,
    // The request that had this key first may have been another one.
    image: sibling.image.reference,
    imageId: sibling.image.id,
    digest: sibling.image.id === image.id ? (image.digests[0] ?? null) : null,
    existing: true,
    startsAt: waiter?.labels[label.startsAt] ?? null,
    when: waiter?.labels[label.when]?.split(',') ?? [],
    waiter: waiter === undefined ? null : { id: waiter.id, name: waiter.name },
  };
  if (plan.attach) return { exitStatus: await followed(sibling, work), result };
  // Its waiter sees to it, and tells.
  if (waiter !== undefined) return { exitStatus: 0, result };
  status.about(result);
  const { ready, readyTimeoutMs: timeoutMs } = plan;
  const autoRemove = sibling.settings.autoRemove ?? false;
  const ranForMs = msSince(sibling.state.startedAt);
  await seeReady({ sibling: { ...result, autoRemove }, ready, timeoutMs: timeoutMs + ranForMs }, ranForMs, {
    ...options,
    runtime,
    clock: bootClock,
  });
  return done(work, { ...result, ready: readinessText(ready) });
}
