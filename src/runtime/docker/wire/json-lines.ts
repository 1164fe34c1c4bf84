/** An engine's lines have some hundred characters. */
const lineLimit = 1024 * 1024;

/**
 * The values of a stream of JSON lines, each as it arrives. A last line without its newline counts; a line that is no
 * JSON, or does not end, is an error, as is a stream that breaks.
 */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineLimit) throw new Error(`a line is longer than ${lineLimit} characters`);
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield JSON.parse(rest);
}
