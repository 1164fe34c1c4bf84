import { setTimeout as sleep } from 'node:timers/promises';
import { EngineUnavailableError } from '../../../errors.ts';
import type { OutputChunk } from '../../runtime.ts';
import { pause } from '../../../timing.ts';
import type { Client, Running } from '../command/client.ts';
import { startRefusal } from '../command/failures.ts';
import { type AskState, whenStarted, withoutOwnWords } from './output.ts';

/** Longer than a machine with a slow disk takes. */
const slowCallMs = 120_000;
const pollMs = 30;

export async function startDetached(client: Client, id: string, signal: AbortSignal): Promise<void> {
  const answer = await client.run(['start', id], { signal, timeoutMs: slowCallMs });
  if (answer.exitCode !== 0) throw startRefusal(answer, id);
}

/** Somebody wants the output of a container that has not been started. */
export interface Attachment {
  readonly chunks: AsyncIterable<OutputChunk>;
  /** Starts it so that nothing of its output is lost. */
  start(signal: AbortSignal): Promise<void>;
}

/**
 * What nerdctl writes down of the output loses the end of one that says much and ends; what a client gets that starts
 * it does not. Such a client stays: without it nobody would take the output.
 */
export function attachBefore(client: Client, id: string, ask: AskState, signal: AbortSignal): Attachment {
  const begun = Promise.withResolvers<Running | undefined>();
  return {
    chunks: output(),
    async start(starting) {
      starting.throwIfAborted();
      const running = client.stream(['start', '--attach', id], signal);
      const over = running.ended.then(() => 'over' as const);
      for (;;) {
        const state = await Promise.race([over, ask(id, starting)]);
        if (state === 'over' || state?.startedAt !== undefined) break;
        await Promise.race([over, sleep(pollMs)]);
        if (starting.aborted) running.kill();
        starting.throwIfAborted();
      }
      const state = await ask(id, starting);
      if (state?.startedAt === undefined) throw await whyNot(running);
      begun.resolve(running);
    },
  };

  async function* output(): AsyncGenerator<OutputChunk> {
    // When it is read it has been started by us, or will be by somebody else.
    const first = await Promise.race([begun.promise, someoneElse()]);
    if (first === undefined) yield* whenStarted(client, id, ask, signal);
    else yield* withoutOwnWords(first, signal);
  }

  async function someoneElse(): Promise<undefined> {
    await pause(elseMs, signal);
    return undefined;
  }

  async function whyNot(running: Running): Promise<Error> {
    const parts: Uint8Array[] = [];
    for await (const data of running.stderr) parts.push(data as Uint8Array);
    const { exitCode } = await running.ended;
    const stderr = Buffer.concat(parts).toString();
    if (exitCode === 0)
      return new EngineUnavailableError(`nerdctl did not start ${id.slice(0, 12)}, and does not say why`);
    return startRefusal({ exitCode, stdout: '', stderr }, id);
  }
}

/** Who starts it himself does so before he reads. */
const elseMs = 1_000;
