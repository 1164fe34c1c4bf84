import { extract, pack, type TarHeader } from 'tar-stream';

/** An archive of one file. */
export function tarOf(header: TarHeader, data: Uint8Array): AsyncIterable<Uint8Array> {
  const archive = pack();
  archive.entry({ ...header, size: data.length }, Buffer.from(data.buffer, data.byteOffset, data.length));
  archive.finalize();
  return archive;
}

/** The first entry of an archive, and its content; the rest is read and thrown away. */
export async function firstEntry(
  tar: AsyncIterable<Uint8Array>,
): Promise<{ header: TarHeader; data: Buffer } | undefined> {
  let first: { header: TarHeader; data: Buffer } | undefined;
  const archive = extract();
  const done = new Promise<void>((resolve, reject) => {
    archive.on('error', reject).on('finish', resolve);
  });
  done.catch(() => {}); // told below
  archive.on('entry', (header, content, next) => {
    const parts: Buffer[] = [];
    content.on('data', (part: Buffer) => first === undefined && parts.push(part));
    content.on('end', () => {
      first ??= { header, data: Buffer.concat(parts) };
      next();
    });
  });
  for await (const chunk of tar) {
    if (!archive.write(chunk)) await new Promise<void>((resolve) => void archive.once('drain', () => resolve()));
  }
  archive.end();
  await done;
  return first;
}
