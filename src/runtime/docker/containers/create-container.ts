import { EngineUnavailableError } from '../../../errors.ts';
import type { CreateRequest } from '../../runtime.ts';
import type { Api } from '../wire/api.ts';
import { readCreated } from '../create/inspect.ts';
import { createRefusal, expectStatus, refusal } from '../wire/refusals.ts';

/** Longer than an engine with a slow disk takes, short enough to be told. */
export const slowCallMs = 120_000;

/** Creates a container that is in all its networks, or none. */
export async function createContainer(
  api: Api,
  { name, platform, body, connect }: CreateRequest,
  signal: AbortSignal,
): Promise<{ id: string; warnings: readonly string[] }> {
  const query = { name, ...(platform !== undefined && { platform }) };
  const path = '/containers/create';
  const response = await api({ method: 'POST', path, query, body, signal, timeoutMs: slowCallMs });
  // Proxies make a 200 of it.
  if (response.status !== 201 && response.status !== 200)
    throw await createRefusal(response, name, String(body['Image']));
  const created = readCreated(await response.json());
  try {
    for (const { network, endpoint } of connect) await connectTo(network, endpoint);
  } catch (error) {
    await takeBack(error);
    throw error;
  }
  return created;

  async function connectTo(network: string, endpoint: object): Promise<void> {
    const asked = { Container: created.id, EndpointConfig: endpoint };
    const answer = await api({
      method: 'POST',
      path: `/networks/${encodeURIComponent(network)}/connect`,
      body: asked,
      signal,
      timeoutMs: slowCallMs,
    });
    if (answer.status !== 200) throw await refusal(answer, `connect ${name} to the network ${network}`);
    await answer.discard();
  }

  /** Not by the caller's signal: what was made is taken back also when that was the reason. */
  async function takeBack(reason: unknown): Promise<void> {
    try {
      const answer = await api({
        method: 'DELETE',
        path: `/containers/${created.id}`,
        query: { force: true, v: true },
        signal: AbortSignal.timeout(takeBackMs),
      });
      await expectStatus(answer, [204, 404], 'remove the container');
    } catch {
      throw new EngineUnavailableError(
        `${name} was created and could not be connected to all its networks, nor removed again: docker rm -f ${created.id}`,
        { cause: reason },
      );
    }
  }
}

const takeBackMs = 10_000;
