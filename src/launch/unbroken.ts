import { EngineUnavailableError } from '../errors.ts';
import type { OutputChunk } from '../runtime/runtime.ts';

export interface OutputSource {
  readonly first: AsyncIterable<OutputChunk>;
  /** All of the output, from its beginning. */
  readonly again: () => Promise<AsyncIterable<OutputChunk>>;
  /** Has the container ended? Asked when its output has, which can be the connection's end alone. */
  readonly hasEnded: () => Promise<boolean>;
  readonly onBreak: (error: EngineUnavailableError) => void;
  /** It cannot be read again, and what is missing stays so. */
  readonly onLoss: (error: unknown) => void;
}

/** As often without anything new, nothing new is expected any more. */
const mostInVain = 5;

/** The whole output of a container, once, over connections that may break off. */
export async function* unbroken({
  first,
  again,
  hasEnded,
  onBreak,
  onLoss,
}: OutputSource): AsyncGenerator<OutputChunk> {
  const told = { stdout: 0, stderr: 0 };
  let source = first;
  for (let inVain = 0; inVain < mostInVain; inVain += 1) {
    const seen = { stdout: 0, stderr: 0 };
    try {
      for await (const { stream, data } of source) {
        const fresh = data.subarray(Math.max(0, told[stream] - seen[stream]));
        seen[stream] += data.length;
        if (fresh.length === 0) continue;
        inVain = 0;
        told[stream] += fresh.length;
        yield { stream, data: fresh };
      }
      if (await hasEnded()) return;
    } catch (error) {
      if (!(error instanceof EngineUnavailableError)) throw error;
      onBreak(error);
    }
    try {
      source = await again();
    } catch (error) {
      if (error instanceof EngineUnavailableError) throw error;
      onLoss(error);
      return;
    }
  }
}
