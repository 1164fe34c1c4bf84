import * as z from 'zod';
import { EngineRefusedError } from '../../../errors.ts';
import { pause } from '../../../timing.ts';
import type { Api } from '../wire/api.ts';
import { jsonLines } from '../wire/json-lines.ts';
import { expectStatus } from '../wire/refusals.ts';

const died = z.object({ Actor: z.object({ Attributes: z.object({ containerExitCode: z.coerce.number() }) }) });

/** Told from a little earlier on, as following the events begins a little later than the answer. */
const backMs = 1_000;

/**
 * The next end of a container. To wait for it misses one that ends at once: Podman looks at the container from time to
 * time. Its events tell of each.
 */
export async function nextExit(
  libpod: Api,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<{ exitCode: number }> }> {
  const since = ((Date.now() - backMs) / 1_000).toFixed(3);
  const filters = JSON.stringify({ container: [id], event: ['died'] });
  const query = { stream: true, since, filters };
  const follow = async (): Promise<AsyncIterable<Uint8Array>> => {
    const response = await libpod({ method: 'GET', path: '/libpod/events', query, signal });
    if (response.status !== 200) await expectStatus(response, [200], 'tell of its events');
    return response.stream();
  };
  return { ended: firstEnd(await follow(), follow, id, signal) };
}

/** It may stop to tell when the container is removed, before it has told how it ended. */
const mostTries = 5;
const pauseMs = 200;

async function firstEnd(
  first: AsyncIterable<Uint8Array>,
  again: () => Promise<AsyncIterable<Uint8Array>>,
  id: string,
  signal: AbortSignal,
): Promise<{ exitCode: number }> {
  let chunks = first;
  for (let tries = 1; ; tries += 1) {
    for await (const event of jsonLines(chunks)) {
      const read = died.safeParse(event);
      if (read.success) return { exitCode: read.data.Actor.Attributes.containerExitCode };
    }
    if (tries === mostTries) throw new EngineRefusedError(`the engine does not tell how ${id.slice(0, 12)} ended`);
    await pause(pauseMs, signal);
    chunks = await again();
  }
}
