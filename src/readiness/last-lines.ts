import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputChunk } from '../runtime/runtime.ts';

const mostLines = 50;
/** Of one line; what is longer is cut. */
const longestLine = 2_000;
/** The last of an output may come after the news that its container has ended. */
const patienceMs = 1_000;

/** The last lines of an output, of both streams as they came. */
export interface LastLines {
  /** Reads to the end of the output, or until that breaks off. */
  read(chunks: AsyncIterable<OutputChunk>): Promise<void>;
  /** Once all of it was read, or a little later. */
  lines(): Promise<readonly string[]>;
}

export function lastLines(): LastLines {
  const kept: string[] = [];
  const open = { stdout: '', stderr: '' };
  const keep = (line: string): void => {
    kept.push(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
    if (kept.length > mostLines) kept.shift();
  };
  let reading: Promise<void> = Promise.resolve();
  return {
    read: (chunks) => (reading = readAll(chunks)),
    async lines() {
      await Promise.race([reading, sleep(patienceMs, undefined, { ref: false })]);
      return [...kept, ...Object.values(open).filter((line) => line !== '')].slice(-mostLines);
    },
  };

  async function readAll(chunks: AsyncIterable<OutputChunk>): Promise<void> {
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    try {
      for await (const { stream, data } of chunks) {
        const [rest = '', ...whole] = (open[stream] + decoders[stream].decode(data, { stream: true }))
          .split(/\r?\n/)
          .toReversed();
        for (const line of whole.toReversed()) keep(line);
        // A line that does not end is not to fill the memory.
        open[stream] = rest.slice(0, longestLine + 1);
      }
    } catch {
      // What came before is better than nothing.
    }
  }
}
