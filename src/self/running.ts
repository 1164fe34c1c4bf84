import { EngineRefusedError } from '../errors.ts';
import type { ContainerSummary } from '../runtime/container.ts';
import { pause } from '../timing.ts';
import type { Candidate } from './candidates.ts';
import type { ChallengeContext } from './prove.ts';
import type { Found, Search } from './search.ts';
import type { Surroundings } from './surroundings.ts';

/** A busy engine is not asked about all of its containers at once. */
const batchSize = 16;
/** An engine lists a container only a moment after its first process has begun: when that is written to its disk. */
const listAgainAfterMs = 500;

/** Where nothing points at us (`--network container:`, files mounted over those that would), all that run are judged. */
export async function searchRunning(
  search: Search,
  { runtime, surroundings, signal }: Omit<ChallengeContext, 'marks'>,
): Promise<Found | undefined> {
  const seen = new Set<string>();
  for (const delayMs of [0, listAgainAfterMs]) {
    if (delayMs > 0) await pause(delayMs, signal);
    let running: readonly ContainerSummary[];
    try {
      running = await runtime.list({ signal });
    } catch (error) {
      // A proxy before the engine's socket often allows one thing and not another.
      if (!(error instanceof EngineRefusedError) || signal.aborted) throw error;
      search.refuse({ reference: 'any other', evidence: ['it may run'] }, error.message);
      return undefined;
    }
    const candidates = byLikeness(running, surroundings).filter(({ reference }) => !seen.has(reference));
    for (let at = 0; at < candidates.length; at += batchSize) {
      const self = await search.among(candidates.slice(at, at + batchSize));
      if (self !== undefined) return self;
    }
    for (const { id } of running) seen.add(id);
  }
  return undefined;
}

/** First those that have most of our mounts, and of these those that share another one's network. */
function byLikeness(running: readonly ContainerSummary[], { mounts }: Surroundings): Candidate[] {
  const targets = new Set(mounts.map(({ target }) => target));
  return running
    .map(({ id, name, mountDestinations, networkMode }) => ({
      candidate: { reference: id, evidence: [`it runs (${name})`] },
      likeness:
        mountDestinations.filter((destination) => targets.has(destination)).length * 2 +
        (networkMode.startsWith('container:') ? 1 : 0),
    }))
    .toSorted((left, right) => right.likeness - left.likeness)
    .map(({ candidate }) => candidate);
}
