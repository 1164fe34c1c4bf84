import { EngineRefusedError } from '../../errors.ts';
import type { Call } from '../adapter.ts';
import type { BasicAdapter } from '../complete.ts';
import type { Api } from './api.ts';
import { readExit } from './inspect.ts';

interface Ends {
  /** To be called before the container starts. Does nothing for one that will still be there when it has ended. */
  watch(id: string, options: Call): Promise<void>;
  /** How it has ended, when that is known or will be. */
  of(id: string): Promise<{ exitCode: number }> | undefined;
  /** Where this step of its start fails, its end is not waited for any more. */
  unlessItFails<T>(id: string, step: Promise<T>): Promise<T>;
}

/** Podman forgets how a container ended that removes itself, unless it was asked before the start. */
export function endsOfRemoved(docker: BasicAdapter, api: Api): Ends {
  const ends = new Map<string, { readonly end: Promise<{ exitCode: number }>; readonly giveUp: AbortController }>();

  async function nextExit(id: string, signal: AbortSignal): Promise<{ exitCode: number }> {
    const path = `/containers/${encodeURIComponent(id)}/wait`;
    const query = { condition: 'next-exit' };
    const response = await api({ method: 'POST', path, query, signal, timeoutMs: Infinity });
    if (response.status === 200) return readExit(await response.json());
    throw new EngineRefusedError(`the engine cannot tell how ${id.slice(0, 12)} ended: ${await response.message()}`);
  }

  return {
    async watch(id, { signal }) {
      const container = await docker.inspect(id, { signal });
      if (!container?.settings.autoRemove || container.state.startedAt !== undefined) return;
      const giveUp = new AbortController();
      const end = nextExit(id, AbortSignal.any([signal, giveUp.signal]));
      end.catch(() => {}); // told to whoever asks for it
      ends.set(id, { end, giveUp });
    },
    of: (id) => ends.get(id)?.end,
    async unlessItFails(id, step) {
      try {
        return await step;
      } catch (error) {
        ends.get(id)?.giveUp.abort();
        ends.delete(id);
        throw error;
      }
    },
  };
}
