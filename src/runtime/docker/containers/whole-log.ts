import { createHash, type Hash } from 'node:crypto';
import type { OutputChunk } from '../../runtime.ts';

type Output = AsyncIterable<OutputChunk>;

/**
 * A followed log, and what its engine has kept back: Podman, and Docker now and then, end it with the container, whatever
 * somebody slow has not got by then. So the log is read once more, and what was told is left out; nothing comes of one
 * that does not begin with it, as it was shortened meanwhile, or told in another order.
 */
export async function* wholeLog(
  followed: Output,
  again: () => Promise<Output | undefined>,
): AsyncGenerator<OutputChunk> {
  const told = { stdout: new Told(), stderr: new Told() };
  for await (const chunk of followed) {
    told[chunk.stream].add(chunk.data);
    yield chunk;
  }
  for await (const { stream, data } of (await again()) ?? []) {
    const rest = told[stream].without(data);
    if (rest === undefined) return;
    if (rest.length > 0) yield { stream, data: rest };
  }
}

/** What was told of one stream, and how much of it has come once more. */
class Told {
  readonly #first: Hash = createHash('sha1');
  readonly #second: Hash = createHash('sha1');
  #left = 0;

  add(data: Uint8Array): void {
    this.#first.update(data);
    this.#left += data.length;
  }

  /** `undefined`: it is something else. */
  without(data: Uint8Array): Uint8Array | undefined {
    if (this.#left === 0) return data;
    const same = data.subarray(0, this.#left);
    this.#second.update(same);
    this.#left -= same.length;
    if (this.#left === 0 && this.#first.digest('hex') !== this.#second.digest('hex')) return undefined;
    return data.subarray(same.length);
  }
}
