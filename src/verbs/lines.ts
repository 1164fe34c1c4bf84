import type { OutputChunk } from '../runtime/runtime.ts';

export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  /** Without its end, read as UTF-8. */
  readonly line: string;
}

/** A line that does not end is not to fill the memory: it is told in pieces. */
const longest = 64 * 1024;

/** The lines of an output, of each stream by itself. */
export async function* linesOf(chunks: AsyncIterable<OutputChunk>): AsyncGenerator<OutputLine> {
  const open = { stdout: '', stderr: '' };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  for await (const { stream, data } of chunks) {
    const lines = (open[stream] + decoders[stream].decode(data, { stream: true })).split('\n');
    open[stream] = lines.pop() ?? '';
    for (const line of lines) yield { stream, line: line.replace(/\r$/, '') };
    for (; open[stream].length > longest; open[stream] = open[stream].slice(longest))
      yield { stream, line: open[stream].slice(0, longest) };
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const line = open[stream] + decoders[stream].decode();
    if (line !== '') yield { stream, line };
  }
}
