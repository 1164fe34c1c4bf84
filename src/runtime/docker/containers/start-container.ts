import { pause } from '../../../timing.ts';
import type { Api } from '../wire/api.ts';
import { slowCallMs } from './create-container.ts';
import { startRefusal } from '../wire/refusals.ts';

/** Docker 20.10 says it when containers of the same network start and end at the same moment; nothing has started then. */
const passing = /failed to set IPv6 gateway while updating gateway: .*file exists/i;
const mostTries = 4;
const firstPauseMs = 100;

/** @throws CommandNotFoundError, CommandNotExecutableError, EngineRefusedError */
export async function startContainer(api: Api, id: string, signal: AbortSignal): Promise<void> {
  const path = `/containers/${encodeURIComponent(id)}/start`;
  for (let tries = 1; ; tries += 1) {
    const response = await api({ method: 'POST', path, signal, timeoutMs: slowCallMs });
    if (response.status === 204 || response.status === 304) return response.discard();
    const error = await startRefusal(response, id);
    if (tries === mostTries || !passing.test(error.message)) throw error;
    await pause(firstPauseMs * 2 ** (tries - 1), signal);
    signal.throwIfAborted();
  }
}
