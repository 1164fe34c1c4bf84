// node --expose-gc large-reader.ts HOST exec|logs|follow CONTAINER BYTES PAUSE_MS: reads an output to its end, alone in its
// process, and prints how much it was and what it took. It rests after the first chunk: what nobody takes must not come.
import { dockerRuntime } from '../../src/runtime/docker/runtime.ts';
import type { OutputChunk, Runtime } from '../../src/runtime/runtime.ts';

export interface LargeReading {
  readonly bytes: number;
  /** Whether each byte was the one that was written. */
  readonly asWritten: boolean;
  /** MiB of memory in use after a collection, at most and beyond what it was before. */
  readonly liveMiB: number;
  /** The same while it rested. */
  readonly restingMiB: number;
  /** MiB of the process, at most and beyond what it was before. */
  readonly rssMiB: number;
}

const [host = '', way = '', id = '', bytes = '', pauseMs = ''] = process.argv.slice(2);
const mebi = 1024 * 1024;
/** Of the line that is written again and again, with its end. */
const lineLength = 8192;

async function open(runtime: Runtime): Promise<AsyncIterable<OutputChunk>> {
  if (way === 'logs' || way === 'follow') return runtime.logs(id, { follow: way === 'follow' });
  const line = `yes "$(head -c ${lineLength - 1} /dev/zero | tr '\\0' x)" | head -c ${bytes}`;
  return (await runtime.exec.stream(id, { command: ['sh', '-c', line] })).output;
}

function live(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return (heapUsed + external + arrayBuffers) / mebi;
}

function isAsWritten(data: Uint8Array, at: number): boolean {
  return data.every((byte, index) => byte === ((at + index) % lineLength === lineLength - 1 ? 0x0a : 0x78));
}

const runtime = await dockerRuntime({ DOCKER_HOST: host }, { signal: new AbortController().signal });
const chunks = await open(runtime);
const [liveBefore, rssBefore] = [live(), process.memoryUsage.rss() / mebi];
let [total, asWritten, most, resting, rss, looked] = [0, true, 0, 0, 0, 0];
for await (const { data } of chunks) {
  if (total === 0) {
    await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
    resting = live() - liveBefore;
  }
  asWritten &&= isAsWritten(data, total);
  total += data.length;
  rss = Math.max(rss, process.memoryUsage.rss() / mebi - rssBefore);
  if (total - looked < 4 * mebi) continue;
  looked = total;
  most = Math.max(most, live() - liveBefore);
}
const reading: LargeReading = { bytes: total, asWritten, liveMiB: most, restingMiB: resting, rssMiB: rss };
process.stdout.write(JSON.stringify(reading));
await runtime.close();
