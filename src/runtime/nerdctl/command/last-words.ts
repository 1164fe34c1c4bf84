import type { Readable } from 'node:stream';

/** Read to its end, so that nobody waits for it; its last words. */
export async function lastOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text = (text + String(chunk)).slice(-4000);
  return text;
}
