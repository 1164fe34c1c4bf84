import * as z from 'zod';

const message = z.looseObject({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
});

/**
 * The lines that an engine says while it builds, imports or pulls.
 * @throws when one of them is an error, which the engine tells after it has answered with success
 */
export async function followMessages(answer: NodeJS.ReadableStream, report: (line: string) => void): Promise<void> {
  for await (const line of linesOf(answer)) {
    if (line.trim() === '') continue;
    const { stream, status, error } = message.parse(JSON.parse(line));
    if (error !== undefined) throw new Error(error.trim());
    const text = (stream ?? status ?? '').trimEnd();
    if (text.trim() !== '') report(text);
  }
}

/** Not by node:readline, which does not pass on that the stream broke off. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}
